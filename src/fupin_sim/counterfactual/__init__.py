"""Counterfactuals: the same household, the same luck, with and without a policy (反事实).

From here are to be had: `compare_households`, `summary`, `effect`; `diary`, `two_diaries`, `side_by_side`.
"""
