"""Claims, cost lines, exchange rates and approval limits."""
