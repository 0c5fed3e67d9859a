"""A run beside the reference's run: where they part, and what the numbers have to do with each other."""
