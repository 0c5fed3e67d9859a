"""What follows from the events of a trace: the life of every gradient, what moved, whether anything was trained."""
