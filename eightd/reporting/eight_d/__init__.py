"""The 8D report as PDF (procedure 7)."""
