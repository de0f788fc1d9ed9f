"""A copy of the whole firm that is checked before it counts, and the way back: one form for both databases."""
