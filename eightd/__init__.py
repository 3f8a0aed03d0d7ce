"""EightD runs a plant's customer complaints by the 8D method."""
