"""Actions of the disciplines as tasks: brought in step with the answers, changed, finished, verified."""
