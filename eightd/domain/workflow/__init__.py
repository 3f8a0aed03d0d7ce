"""The course of a complaint and of each discipline as tables (procedure 6)."""
