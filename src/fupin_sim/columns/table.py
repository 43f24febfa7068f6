"""A table: the arrays behind one type of agent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from weakref import WeakSet

import numpy as np

from fupin_sim.columns.column import Array, Column, columns_of, unknown

IDS_PER_TABLE = 2**40


class Table:
    """All agents of one type: one array a column, one row an agent.

    ``table.wealth`` is ``table.data["wealth"]``: the whole column, writable, of length `n`, dead rows included
    (`alive` tells them apart). A removed row is never given to another agent, so a row number is an identity.
    Appending may move the arrays: fetch them afterwards again. One from before the move refuses writing.

    Agent ``row`` of the table with number `index` has ``unique_id = index * 2**40 + row + 1``. Tables are numbered in
    the order in which the model first asked for them, so the first type counts from 1 as in plain Mesa, no two agents
    of a model ever share an id, and ids stay below 2**53, exact in floats and JSON, for 8,192 types.
    """

    model: Any
    agent_type: type[Any]
    index: int
    n: int
    schema: Mapping[str, Column]
    data: dict[str, Array]
    alive: Array
    _room: dict[str, Array]  # the arrays of which `data` are the first n rows
    _room_alive: Array
    _dead: int
    _blocks: WeakSet[Block]

    def __new__(cls, *_: Any, **__: Any) -> Table:
        self = super().__new__(cls)
        self.__dict__.update(data={}, _blocks=WeakSet())  # blocks may be unpickled before their table's state
        return self

    def __init__(self, model: Any, agent_type: type[Any], index: int) -> None:
        columns = {name: np.empty(0, column.dtype) for name, column in columns_of(agent_type).items()}
        self.__setstate__({"model": model, "agent_type": agent_type, "index": index, "alive": (), "columns": columns})

    def __getstate__(self) -> dict[str, Any]:
        state = {name: self.__dict__[name] for name in ("model", "agent_type", "index", "alive")}
        return {**state, "columns": self.data}

    def __setstate__(self, state: dict[str, Any]) -> None:
        alive = np.array(state["alive"], dtype=bool)
        self.__dict__.update(model=state["model"], agent_type=state["agent_type"], index=state["index"])
        self.__dict__.update(schema=columns_of(self.agent_type), _room=state["columns"], _room_alive=alive)
        self.__dict__.update(_dead=int(np.count_nonzero(~alive)))
        self._show(len(alive))

    def _show(self, n: int) -> None:
        """Hand out the first `n` rows of the room."""
        alive = self._room_alive[:n]
        alive.flags.writeable = False
        data = {name: array[:n] for name, array in self._room.items()}
        self.__dict__.update(data, n=n, data=data, alive=alive)

    # ---- columns ------------------------------------------------------------

    def __getattr__(self, name: str) -> Array:
        # Columns stand in the instance's own dictionary: only what is missing comes here.
        if name.startswith("_") or "agent_type" not in self.__dict__:
            raise AttributeError(name)
        raise AttributeError(unknown(self.agent_type, name, Table))

    def __setattr__(self, name: str, value: Any) -> None:
        array = self.data.get(name)
        if array is None:
            raise AttributeError(unknown(self.agent_type, name, Table))
        if value is not array:  # `table.wealth += 1` has written already and hands the same array back
            array[...] = self.schema[name].fit(value)

    def __len__(self) -> int:
        return self.n

    def __repr__(self) -> str:
        return f"<Table of {self.living:,} {self.agent_type.__name__}, {self.nbytes:,} bytes>"

    @property
    def offset(self) -> int:
        """What is added to ``row + 1`` to make the `unique_id`."""
        return self.index * IDS_PER_TABLE

    @property
    def living(self) -> int:
        """Number of rows not removed."""
        return self.n - self._dead

    @property
    def nbytes(self) -> int:
        """Bytes of all arrays, room for later rows included."""
        return self._room_alive.nbytes + sum(array.nbytes for array in self._room.values())

    def block(self, rows: slice) -> Block:
        """The same interface on a slice of rows; a slice beyond the end is cut off as in a list."""
        return Block(self, slice(*rows.indices(self.n)))

    # ---- birth and death ----------------------------------------------------

    def append(self, n: int, values: Mapping[str, Any]) -> slice:
        """Add `n` rows and return where they are.

        values: by column, one number or an array of length n; what is not given has the column's default.
        Raises TypeError for an unknown column or something not a number, ValueError for a wrong length or for numbers
        the column cannot hold; nothing is appended then.
        """
        if n < 0:
            raise ValueError(f"cannot make {n} agents")
        fitted = {name: self._checked(name, value, n) for name, value in values.items()}
        start, stop = self.n, self.n + n
        if stop > len(self._room_alive):
            self._move(max(stop, len(self._room_alive) * 3 // 2))
        for name, column in self.schema.items():
            self._room[name][start:stop] = fitted.get(name, column.default)
        self._room_alive[start:stop] = True
        self._show(stop)
        return slice(start, stop)

    def _checked(self, name: str, value: Any, n: int) -> Array:
        if name not in self.schema:
            raise TypeError(unknown(self.agent_type, name, Table))
        try:
            array = self.schema[name].fit(value)
        except (TypeError, ValueError) as error:
            raise type(error)(f"{self.agent_type.__name__}.{name}: {error}") from None
        if array.shape not in ((), (n,)):
            raise ValueError(
                f"{self.agent_type.__name__}.{name}: one number or {n}, one an agent, not the shape {array.shape}"
            )
        return array

    def _move(self, size: int) -> None:
        """Take new room for `size` rows. Whoever still holds an old array must not write into it unheard."""
        for array in self.data.values():
            array.flags.writeable = False
        for block in self._blocks:
            block.let_go()
        alive = np.zeros(size, dtype=bool)
        alive[: self.n] = self.alive
        room = {name: np.empty(size, array.dtype) for name, array in self.data.items()}
        for name, array in room.items():
            array[: self.n] = self.data[name]
        self.__dict__.update(_room=room, _room_alive=alive)

    def remove(self, rows: Any) -> None:
        """Mark rows as dead, given by number, numbers, slice or mask; their values stay readable in the columns."""
        self._room_alive[: self.n][rows] = False
        self.__dict__["_dead"] = self.n - int(np.count_nonzero(self.alive))


class Block:
    """A slice of a table's rows: ``block.wealth`` is a writable view, kept from the first time it is asked for."""

    __slots__ = ("__dict__", "__weakref__", "rows", "table")

    table: Table
    rows: slice

    def __init__(self, table: Table, rows: slice) -> None:
        object.__setattr__(self, "table", table)
        object.__setattr__(self, "rows", rows)

    def __getattr__(self, name: str) -> Array:
        array = self.table.data.get(name)
        if array is None:
            raise AttributeError(name if name.startswith("_") else unknown(self.table.agent_type, name, Block))
        if not self.__dict__:
            self.table._blocks.add(self)
        part: Array = array[self.rows]
        self.__dict__[name] = part
        return part

    def __setattr__(self, name: str, value: Any) -> None:
        part = getattr(self, name)
        if name not in self.__dict__:
            raise AttributeError(unknown(self.table.agent_type, name, Block))
        if value is not part:
            part[...] = self.table.schema[name].fit(value)

    def __len__(self) -> int:
        return len(range(self.rows.start, self.rows.stop, self.rows.step))

    def __repr__(self) -> str:
        return f"<rows {self.rows.start}:{self.rows.stop} of {self.table!r}>"

    def __reduce__(self) -> tuple[Any, ...]:
        return Block, (self.table, self.rows)

    @property
    def n(self) -> int:
        """Number of rows, dead ones included."""
        return len(self)

    @property
    def alive(self) -> Array:
        """Which of the rows are not removed; read-only."""
        part: Array = self.table.alive[self.rows]
        return part

    def let_go(self) -> None:
        """Forget the views, because the table is about to move its arrays; they refuse writing from now on."""
        for part in self.__dict__.values():
            part.flags.writeable = False
        self.__dict__.clear()
