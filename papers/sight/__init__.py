"""How a photographed page is looked at: light and sharpness, its outline, red ink, rings, arcs, and two ways of reading them (A-4.4.2)."""
