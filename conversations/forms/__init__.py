"""Papers, one file each, grouped by who fills them."""
