"""What the firm's rule book allows: pure functions that name their clause."""
