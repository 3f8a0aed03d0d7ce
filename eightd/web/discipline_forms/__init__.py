"""One form per discipline, and the way between forms, answers and readable text (procedure 7)."""
