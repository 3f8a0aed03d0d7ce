"""What stands in somebody else's table: days, counts, headings and lines, read as a person would."""
