"""The other ends of a complaint: answered with another's 8D, split, compared with earlier cases, watched."""
