"""What an operation does that matters later: passes, changes in place, exits from the graph."""
