"""What a salesperson sees of the sandbox portal."""
