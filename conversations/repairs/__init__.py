"""Repairs as the desk, the technician and the area manager talk about them (C-4, C-5)."""
