"""Results for people: terminal table, pictures and pages, all pure functions of grade reports."""
