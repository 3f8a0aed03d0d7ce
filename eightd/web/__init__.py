"""The web door: pages, forms and what every answer carries."""
