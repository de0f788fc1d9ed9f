"""One file per kind of digest."""
