"""What may be done to the firm, a protocol a subject; conversations/desk.py joins them."""
