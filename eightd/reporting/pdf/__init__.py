"""Typesetting for every PDF: fonts, text, blocks, tables, pages."""
