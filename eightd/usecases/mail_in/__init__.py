"""Mail in: mailboxes are read, answers filed under their complaints, what is new waits for a person."""
