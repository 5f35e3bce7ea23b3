"""Which issues a text sounds like: what is kept of each issue's words, and how they are compared."""
