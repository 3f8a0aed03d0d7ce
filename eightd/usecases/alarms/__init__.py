"""Alarms of milestones: set with every change of a deadline, raised by the sweep, gathered each morning."""
