"""The reading side of claims and cost."""
