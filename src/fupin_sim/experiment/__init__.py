"""Experiments: which scenarios are lived with which luck, and what is to be learnt from them."""
