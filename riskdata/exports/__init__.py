"""Plain tables → tidy rows, with an account of every cell."""
