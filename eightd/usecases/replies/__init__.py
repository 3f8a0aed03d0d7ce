"""Replies to the customer from the program: drafted, looked at by a person, released, sent, kept as sent."""
