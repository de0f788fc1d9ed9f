"""What a rep fills in, and what supervisor and manager answer to it."""
