"""Measuring a table of the user's own: poverty, inequality and panels, with the errors of its survey design."""

from fupin_sim.measuring.report import Measured, measure
from fupin_sim.measuring.table import Columns, Table, read_table

__all__ = ["Columns", "Measured", "Table", "measure", "read_table"]
