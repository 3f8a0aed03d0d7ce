"""What people do: one verb, one module, one transaction."""
