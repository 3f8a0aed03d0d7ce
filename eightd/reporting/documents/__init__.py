"""Documents beside the 8D report: complaint notice, handling form, explanation letter (procedure 9)."""
