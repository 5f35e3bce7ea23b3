"""Hears: proves who called, keeps the delivery, answers at once. See README.md."""
