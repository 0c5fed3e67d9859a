"""What the rules say about a trace, for the authors of checks."""
