"""Small, stateful stand-ins for the vendors, for the demo and the tests. See README.md."""
