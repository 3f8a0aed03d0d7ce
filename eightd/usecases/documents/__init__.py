"""Issue the documents of a complaint that stand beside its 8D report (procedure 9)."""
