"""The built-in shocks, one per file."""
