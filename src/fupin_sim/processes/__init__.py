"""The built-in processes, one per file."""
