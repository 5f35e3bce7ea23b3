"""Plays a HubSpot portal: contacts, companies, deals and what ties them, on the date-based paths."""

from sandbox.hubspot.vendor import HubSpot

__all__ = ["HubSpot"]
