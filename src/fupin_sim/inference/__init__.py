"""Estimators for tables and for replicates: regressions, standard errors of surveys, costs held against effects.

Nothing here is read by a run, so it may use what differs in the last bits between processors.
"""
