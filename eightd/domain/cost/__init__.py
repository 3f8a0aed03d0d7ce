"""Claims and the cost of poor quality."""
