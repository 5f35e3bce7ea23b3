"""Speaks with Zendesk Support: see README.md."""
