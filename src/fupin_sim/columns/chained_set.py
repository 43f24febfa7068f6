"""A set of the agents of several tables."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from random import Random
from typing import Any, NoReturn, Self

import numpy as np

from fupin_sim.columns.column import Array, unknown
from fupin_sim.columns.row_set import RowSet
from fupin_sim.columns.table import IDS_PER_TABLE, Table
from fupin_sim.columns.views import Views


class ChainedSet(Views):
    """Agents of several tables in one order: those of the first table, then those of the second, until shuffled.

    Its keys are the agents' `unique_id`. A column belongs to one type: read it from ``model.agents_by_type[Household]``
    or from ``model.agents.select(agent_type=Household)``, which is a `RowSet`.
    """

    tables: dict[int, Table]  # by their index, which is in the keys

    def __init__(self, tables: Iterable[Table], random: Random) -> None:
        """All the living of these tables of one model."""
        self.__dict__.update(tables={table.index: table for table in tables}, _chosen=None, random=random)

    def _everybody(self) -> Array:
        keys = [np.flatnonzero(table.alive) + (table.offset + 1) for table in self.tables.values()]
        return np.concatenate([np.empty(0, dtype=np.int64), *keys])

    def _by_table(self, keys: Array) -> Iterator[tuple[Table, Array, Array]]:
        """Each table that has some of the keys, where they are among them, and which of its rows they are."""
        index, rows = np.divmod(keys - 1, IDS_PER_TABLE)
        for i in np.unique(index).tolist():
            where = np.flatnonzero(index == i)
            yield self.tables[i], where, rows[where]

    def _population(self) -> int:
        return sum(table.living for table in self.tables.values())

    def _alive(self, keys: Array) -> Array:
        alive = np.empty(len(keys), dtype=bool)
        for table, where, rows in self._by_table(keys):
            alive[where] = table.alive[rows]
        return alive

    def _of_type(self, keys: Array, agent_type: type) -> Array:
        mine = np.empty(len(keys), dtype=bool)
        for table, where, _ in self._by_table(keys):
            mine[where] = issubclass(table.agent_type, agent_type)
        return mine

    def _view(self, key: int) -> Any:
        index, row = divmod(key - 1, IDS_PER_TABLE)
        table = self.tables[index]
        return table.agent_type.view(table, row)

    def _key(self, agent: Any) -> int | None:
        table: Table | None = getattr(agent, "table", None)
        if table is None or self.tables.get(table.index) is not table or not table.alive[agent.row]:
            return None
        key: int = agent.unique_id
        return key

    def __repr__(self) -> str:
        types = ", ".join(table.agent_type.__name__ for table in self.tables.values())
        return f"<ChainedSet of {len(self):,} of {types or 'no type'}>"

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or "tables" not in self.__dict__:
            raise AttributeError(name)
        self._refuse(name)

    def __setattr__(self, name: str, value: Any) -> None:
        self._refuse(name)

    def _refuse(self, name: str) -> NoReturn:
        owners = [table.agent_type for table in self.tables.values() if name in table.schema]
        if owners:
            ask = " or ".join(f"model.agents_by_type[{owner.__name__}].{name}" for owner in owners)
            raise AttributeError(f"this set has several types of agents and a column belongs to one: ask {ask}")
        said = [unknown(table.agent_type, name, ChainedSet) for table in self.tables.values()]
        raise AttributeError(" ".join(said) or f"a set of no agents has no {name!r}")

    def select(
        self,
        filter_func: Callable[[Any], Any] | Array | None = None,
        at_most: float = math.inf,
        inplace: bool = False,
        agent_type: type | None = None,
    ) -> Any:
        """As in Mesa. Where `agent_type` leaves one table, the new set is a `RowSet`."""
        chosen = super().select(filter_func, at_most, inplace, agent_type)
        tables = [t for t in self.tables.values() if agent_type is not None and issubclass(t.agent_type, agent_type)]
        if inplace or len(tables) != 1:
            return chosen
        return RowSet(tables[0], chosen._keys() - (tables[0].offset + 1))

    def set(self, attr_name: str, value: Any) -> Self:
        """As in Mesa; `value` may also be an array with one value for each agent of the set."""
        keys = self._keys()
        values = np.asarray(value)
        if values.shape not in ((), keys.shape):
            raise ValueError(f"one value or {len(keys)}, one an agent, not the shape {values.shape}")
        parts = [(RowSet(table, rows), where) for table, where, rows in self._by_table(keys)]
        for part, _ in parts:
            if not hasattr(part.table.agent_type, attr_name):  # before anything is written
                raise AttributeError(unknown(part.table.agent_type, attr_name, ChainedSet))
        for part, where in parts:
            part.set(attr_name, values[where] if values.shape else value)
        return self

    def _got(self, name: str, missing: tuple[Any, ...]) -> list[Any]:
        keys = self._keys()
        values: list[Any] = [None] * len(keys)
        for table, where, rows in self._by_table(keys):
            for i, value in zip(where.tolist(), RowSet(table, rows)._got(name, missing), strict=True):
                values[i] = value
        return values
