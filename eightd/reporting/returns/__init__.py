"""Papers of a return: the label, the return sheet, the rework order (procedure 8 and 9)."""
