"""What a button does, a module for each group of verbs."""
