"""How anything is spelled, and what the project says, in each language."""
