"""What leaves the project: Word, Excel, pages, masked; running the notebooks."""
