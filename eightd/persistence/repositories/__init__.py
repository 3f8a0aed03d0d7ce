"""Rows in, domain values out: one module per noun."""
