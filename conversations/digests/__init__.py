"""The evening's page for a superior: composed here, so that an answer can come back on it."""
