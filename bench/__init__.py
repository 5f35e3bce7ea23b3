"""Benchmarks, each with its goal. Run by `make bench`."""
