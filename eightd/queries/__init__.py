"""The reading side: frozen views for pages, logs and documents."""
