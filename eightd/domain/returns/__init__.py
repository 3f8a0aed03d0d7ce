"""Returned goods and samples (procedure 8)."""
