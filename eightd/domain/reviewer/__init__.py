"""What a sceptical customer would object to in an 8D, found before the customer does (procedure 6, 7, 11)."""
