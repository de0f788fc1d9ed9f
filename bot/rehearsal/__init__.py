"""A person's day as a script: acceptance test, demonstration and training in one."""
