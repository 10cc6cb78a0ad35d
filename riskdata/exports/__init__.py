"""Printed rows → tidy rows, with an account of every cell."""
