"""What the administrator changes: one module per noun, every change on the system's chain of the record."""
