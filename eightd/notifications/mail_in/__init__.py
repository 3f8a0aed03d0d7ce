"""Reads mail: bytes in, frozen values out, and the mailboxes that it comes from."""
