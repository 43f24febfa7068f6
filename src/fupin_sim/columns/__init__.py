"""Agents as rows: a Mesa model whose state is arrays and whose agents are views.

class Household(RowAgent):
    wealth = Column(unit="fen")

Household.create_agents(model, 1_000_000, wealth=…)   # arrays, no objects
model.table(Household).wealth += 1                    # the whole column
model.agents.shuffle_do("step")                       # or one by one, as in Mesa
"""

from fupin_sim.columns.agent import RowAgent
from fupin_sim.columns.chained_set import ChainedSet
from fupin_sim.columns.column import Array, Column, columns_of
from fupin_sim.columns.model import RowModel
from fupin_sim.columns.row_set import RowSet
from fupin_sim.columns.table import Block, Table

__all__ = ["Array", "Block", "ChainedSet", "Column", "RowAgent", "RowModel", "RowSet", "Table", "columns_of"]
