"""What comes by itself: planned from data, spoken when it is due."""
