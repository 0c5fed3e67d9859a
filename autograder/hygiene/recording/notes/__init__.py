"""What the recorder remembers while it watches: the leaves, the steps, the list of events, and the rest."""
