"""Speaks to Jira Cloud: its client, its JSON, its webhooks, its signed tokens."""
