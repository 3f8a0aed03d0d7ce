"""Excel books: plain values in, bytes out."""
