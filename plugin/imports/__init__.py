"""Takes over what stands elsewhere: links of Zendesk's own Jira app, findings of interviews and calls."""
