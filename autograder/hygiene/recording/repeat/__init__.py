"""Steps that repeat each other: noted as rows of one table instead of event by event."""
