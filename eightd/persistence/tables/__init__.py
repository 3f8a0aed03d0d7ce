"""Table classes, one module per noun; import them from their modules."""
