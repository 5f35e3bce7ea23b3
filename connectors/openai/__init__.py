"""Speaks with an OpenAI-compatible server: is this post fit to be shown. See README.md."""
