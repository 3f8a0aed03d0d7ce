"""The demonstration plant: people, customers and complaints at every stage of their course."""
