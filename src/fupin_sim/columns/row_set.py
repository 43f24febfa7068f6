"""A set of the rows of one table, whose columns are read as arrays."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Any, Self

import numpy as np

from fupin_sim.columns.column import Array, unknown
from fupin_sim.columns.table import Table
from fupin_sim.columns.views import Views


class RowSet(Views):
    """Agents of one table. ``homes.wealth`` reads a column, ``homes.wealth = homes.wealth + 1`` writes it.

    The array that is read is a copy in the order of the set, of that moment and read-only: what is written into it
    (``homes.wealth[poor] = 0``) would be lost, so NumPy refuses. Write ``homes.select(poor).wealth = 0``.
    """

    table: Table

    def __init__(self, table: Table, rows: Any = None) -> None:
        """All the living of a table, or the given distinct rows of it in that order."""
        chosen = None if rows is None else np.asarray(rows, dtype=np.int64)
        self.__dict__.update(table=table, _chosen=chosen, random=table.model.random)

    def _everybody(self) -> Sequence[int] | Array:
        table = self.table
        return range(table.n) if table.living == table.n else np.flatnonzero(table.alive)

    def _population(self) -> int:
        return self.table.living

    def _alive(self, keys: Array) -> Array:
        return self.table.alive[keys]

    def _view(self, key: int) -> Any:
        return self.table.agent_type.view(self.table, key)

    def _key(self, agent: Any) -> int | None:
        table = self.table
        return agent.row if getattr(agent, "table", None) is table and table.alive[agent.row] else None

    def _of_type(self, keys: Array, agent_type: type) -> Array:
        return np.full(len(keys), issubclass(self.table.agent_type, agent_type))

    def __repr__(self) -> str:
        return f"<RowSet of {len(self):,} {self.table.agent_type.__name__}>"

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *self.table.schema]

    # ---- columns ---------------------------------------------------------------

    @property
    def rows(self) -> Array:
        """The rows of the table, in the order of the set."""
        return self._keys().copy()

    def _where(self) -> Any:
        whole = self._chosen is None and self.table.living == self.table.n
        return slice(None) if whole else self._keys()

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or "table" not in self.__dict__:
            raise AttributeError(name)
        if name not in self.table.data:
            raise AttributeError(unknown(self.table.agent_type, name, RowSet))
        values = np.array(self.table.data[name][self._where()])
        values.flags.writeable = False
        return values

    def __setattr__(self, name: str, value: Any) -> None:
        if name not in self.table.data:
            raise AttributeError(unknown(self.table.agent_type, name, RowSet))
        self.table.data[name][self._where()] = self.table.schema[name].fit(value)

    # ---- verbs that are faster on a column ----------------------------------------

    def set(self, attr_name: str, value: Any) -> Self:
        """As in Mesa; `value` may also be an array with one value for each agent of the set."""
        if attr_name in self.table.data:
            setattr(self, attr_name, value)
        else:
            super().set(attr_name, value)
        return self

    def _got(self, name: str, missing: tuple[Any, ...]) -> list[Any]:
        if name not in self.table.data:
            return super()._got(name, missing)
        values: list[Any] = self.table.data[name][self._where()].tolist()
        return values

    def sort(self, key: Callable[[Any], Any] | str, ascending: bool = False, inplace: bool = False) -> Self:
        """As in Mesa: equals keep their order, whichever the direction. NaN counts as the largest."""
        if not isinstance(key, str) or key not in self.table.data:
            return super().sort(key, ascending, inplace)
        keys = self._keys()
        values = self.table.data[key][keys]
        if ascending:
            order = np.argsort(values, kind="stable")
        else:
            order = len(keys) - 1 - np.argsort(values[::-1], kind="stable")[::-1]
        return self._taken(keys[order], inplace)

    def groupby(self, by: Callable[[Any], Hashable] | str, result_type: str = "agentset") -> Any:
        """As in Mesa: groups come in the order in which they are first met."""
        if not isinstance(by, str) or by not in self.table.data:
            return super().groupby(by, result_type)
        keys = self._keys()
        _, first, group = np.unique(self.table.data[by][keys], return_index=True, return_inverse=True)
        ends = np.cumsum(np.bincount(group, minlength=len(first)))[:-1]
        parts = np.split(keys[np.argsort(group, kind="stable")], ends)
        names = self.table.data[by][keys[first]].tolist()
        return self._grouped({names[i]: parts[i] for i in np.argsort(first, kind="stable").tolist()}, result_type)
