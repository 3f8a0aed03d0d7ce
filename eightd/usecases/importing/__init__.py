"""Bringing in what a plant kept elsewhere: its old complaint log, customers, parts, suppliers, users, phenomena."""
