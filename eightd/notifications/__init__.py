"""Tells people what happened: who is told, in which words, by which way; and reads the mail that comes back."""
