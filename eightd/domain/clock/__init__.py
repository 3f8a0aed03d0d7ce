"""When each reply is due, and why (procedure 4)."""
