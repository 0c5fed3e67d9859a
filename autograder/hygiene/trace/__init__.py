"""What crosses the trust line: the events of one run as plain data, and how they are read."""
