"""Returned goods and samples: one verb per step of their course (procedure 8)."""
