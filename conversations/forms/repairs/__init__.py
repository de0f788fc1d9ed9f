"""The papers of a repair, one file each (C-4, C-5)."""
