"""One platform each: read, render, send and nothing else."""
