"""Results in the formats of other platforms: pure functions of a grade report."""
