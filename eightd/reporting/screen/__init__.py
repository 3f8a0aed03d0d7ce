"""Documents for reading on a screen: the same blocks as on paper, as plain parts that a template shows."""
