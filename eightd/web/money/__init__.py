"""Pages of claims and cost."""
