"""Pages for people: the agent's view and the customers' inboxes. What one clicks there sends the webhooks."""
