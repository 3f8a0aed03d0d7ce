"""Which tier a complaint has, and why (procedure 3)."""
