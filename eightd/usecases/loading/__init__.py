"""Taking in complaints and complete 8D records from JSON files."""
