"""The tidy tables: their columns, their files, and the files kept by hand."""
