"""The same public checks where students work: in their folder, and in their notebook."""
