"""The same bits on every processor."""
