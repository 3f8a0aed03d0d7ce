"""EightD runs a plant's customer complaints by the 8D method."""

__version__ = "0.1.0"
