"""One file per kind of reminder."""
