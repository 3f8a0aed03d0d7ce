"""What the administrator's pages show: one module per noun."""
