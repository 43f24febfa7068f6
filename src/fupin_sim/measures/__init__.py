"""The built-in measures, one per file."""
