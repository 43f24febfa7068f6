"""Benchmarks: how fast the month is and how much memory a household takes, each beside the bar it must meet."""
