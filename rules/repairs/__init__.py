"""What the repair procedure allows (rule book part C)."""
