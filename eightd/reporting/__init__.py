"""Documents the plant issues: frozen values in, bytes out; neither database nor web."""
