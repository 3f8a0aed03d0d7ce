"""Measures how fast the house is and what it takes; asserts no time. See README.md."""
