"""Speaks with HubSpot: which company an address belongs to, and what its deals are worth. See README.md."""
