"""Validation: what the model gets right, what it misses, and what no evidence settles; a page and its figures."""
