"""Carries finished messages out of the program: mail servers, chat robots, a plant's own receivers."""
