"""The outbox: leases what waits, carries it without a transaction, keeps what became of it."""
