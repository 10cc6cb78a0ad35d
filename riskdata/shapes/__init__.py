"""Grids → plain tables, and which of their columns is which field."""
