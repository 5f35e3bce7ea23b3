"""The REST API, `/api/v2`."""
