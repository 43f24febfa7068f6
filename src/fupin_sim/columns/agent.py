"""An agent that is a view of one row."""

from __future__ import annotations

from typing import Any, Self

import mesa
import numpy as np

from fupin_sim.columns.chained_set import ChainedSet
from fupin_sim.columns.column import columns_of, unknown
from fupin_sim.columns.row_set import RowSet
from fupin_sim.columns.table import Block, Table


class RowAgent(mesa.Agent):
    """A Mesa agent whose state is a row of its type's `Table`.

        class Household(RowAgent):
            wealth = Column(unit="fen")

            def step(self):
                self.wealth += 1

    ``Household.create_agents(model, 1_000_000, wealth=…)`` makes arrays and no objects. A view is made whenever
    somebody looks at an agent; views of one row are equal and hash alike, but are not one object, so compare them with
    ``==``, and keep no plain AgentSet of them: it holds weak references, and nobody else holds the views.
    """

    __slots__ = ("row", "table")

    table: Table
    row: int
    pos: Any = None

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        for name in columns_of(cls):
            if name.startswith("_"):
                raise TypeError(f"{cls.__name__}.{name}: the name of a column does not begin with an underscore")
            if name in RESERVED:
                raise TypeError(f"{cls.__name__}.{name}: agents, sets or tables have a {name!r} of their own already")

    def __init__(self, model: Any, **values: Any) -> None:
        """Make one row; values by column, the column's default for the others."""
        table = table_of(model, type(self))
        _put_row(self, table.append(1, values).start)
        _put_table(self, table)

    @classmethod
    def view(cls, table: Table, row: int) -> Self:
        """The agent of a row that exists."""
        agent = object.__new__(cls)
        _put_table(agent, table)
        _put_row(agent, row)
        return agent

    @classmethod
    def create_agents(cls, model: Any, n: int, **values: Any) -> RowSet:
        """Make `n` rows; each value is one number, or n of them. Errors: see `Table.append`."""
        if cls.__init__ is not RowAgent.__init__:
            raise TypeError(
                f"{cls.__name__} has an __init__ of its own, which rows made together never call: "
                f"make them one by one, {cls.__name__}(model, …)"
            )
        table = table_of(model, cls)
        born = table.append(n, values)
        return RowSet(table, np.arange(born.start, born.stop))

    @property
    def model(self) -> Any:  # type: ignore[override]  # of the table, for ever
        return self.table.model

    @property
    def unique_id(self) -> int:  # type: ignore[override]
        """Counts from 1 in the model's first table; see `Table`."""
        return self.table.offset + self.row + 1

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, RowAgent):
            return NotImplemented
        return other.row == self.row and other.table is self.table

    def __hash__(self) -> int:
        return hash(self.row)  # nothing of the table: an agent may be a key in what is unpickled before its table

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(name if name.startswith("_") else unknown(type(self), name, type(self)))

    def __setattr__(self, name: str, value: Any) -> None:
        column = self.table.schema.get(name)
        if column is not None:
            column.__set__(self, value)
        elif name in ("row", "table"):
            raise AttributeError(f"the {name} of an agent is for ever")
        elif hasattr(getattr(type(self), name, None), "__set__"):  # a property
            object.__setattr__(self, name, value)
        else:
            hint = f" A new one is declared in the class: {name} = Column(…)"
            raise AttributeError(unknown(type(self), name, type(self)) + hint)

    def __repr__(self) -> str:
        state = ", ".join(f"{name}={getattr(self, name):.6g}" for name in self.table.schema)
        return f"{type(self).__name__}({self.unique_id}: {state})"

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self).view, (self.table, self.row)


def table_of(model: Any, agent_type: type) -> Table:
    """The model's table of a type of agent; TypeError for a plain Mesa model."""
    find = getattr(model, "table", None)
    if find is None:
        raise TypeError(f"{agent_type.__name__} is a row, so its model must be a RowModel, not {type(model).__name__}")
    table: Table = find(agent_type)
    return table


_put_table = vars(RowAgent)["table"].__set__
_put_row = vars(RowAgent)["row"].__set__

# `scenario` and `from_dataframe` are attributes of agents in later versions of Mesa only.
RESERVED = frozenset(
    name
    for kind in (RowAgent, RowSet, ChainedSet, Table, Block)
    for name in (*dir(kind), *getattr(kind, "__annotations__", ()), "scenario", "from_dataframe", "tables")
)
