"""The administrator's pages: one module per noun, for administrators alone."""
