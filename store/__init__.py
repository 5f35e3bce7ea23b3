"""Keeps: the database, rows that wait for work, the worker, migrations. See README.md."""
