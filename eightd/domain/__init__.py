"""The rules: standard library only, no I/O, ``now`` is always a parameter."""
