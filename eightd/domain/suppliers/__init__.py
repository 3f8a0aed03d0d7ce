"""A supplier's own 8D for one of our complaints: its states, its dates, what it is shown and what we take of it."""
