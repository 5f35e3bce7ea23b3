"""Speaks with the systems outside: one folder each, and how a message gets out."""
