"""A column: one state variable, one array for all agents and one value seen from each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, overload

import numpy as np
from numpy.typing import DTypeLike, NDArray

from fupin_sim.errors import nearest

Array = NDArray[Any]


class Column:
    """The declaration of a state variable, written in the class body of a `RowAgent`.

    default: the value of rows that are made without one.
    dtype: a bool, int, unsigned int or float type. Objects and strings are refused: they bring back a pointer an agent.
    unit, doc: for the codebook.
    codes: what the numbers of a coded column mean, as ``{0: "farm", 1: "wage"}`` or ``("farm", "wage")``.
    """

    name: str

    def __init__(
        self,
        default: float = 0.0,
        dtype: DTypeLike = float,
        unit: str = "",
        doc: str = "",
        codes: Mapping[int, str] | Sequence[str] | None = None,
    ) -> None:
        self.dtype = np.dtype(dtype)
        if self.dtype.kind not in "biuf":
            raise TypeError(f"a column holds bool, int, unsigned int or float, not {self.dtype}")
        if np.ndim(default) != 0:
            raise TypeError(f"the default of a column is one number, not {default!r}")
        self.default, self.unit, self.doc = self.fit(default).item(), unit, doc
        self.codes = dict(codes if isinstance(codes, Mapping) else enumerate(codes)) if codes is not None else None
        if self.codes is not None and self.default not in self.codes:
            raise ValueError(f"the default {self.default} is not among the codes {sorted(self.codes)}")

    def __set_name__(self, owner: type, name: str) -> None:
        # The first name stays, so that one Column under two names is found out by `columns_of`.
        self.name = getattr(self, "name", name)

    @overload
    def __get__(self, agent: None, owner: type) -> Column: ...

    @overload
    def __get__(self, agent: object, owner: type) -> Any: ...

    def __get__(self, agent: Any, owner: type) -> Any:
        return self if agent is None else agent.table.data[self.name].item(agent.row)

    def __set__(self, agent: Any, value: Any) -> None:
        if type(value) is not type(self.default):  # of that type NumPy itself refuses what does not fit
            value = self.fit(value)
        agent.table.data[self.name][agent.row] = value

    def __repr__(self) -> str:
        return f"Column({self.default!r}, {self.dtype}, unit={self.unit!r})"

    def fit(self, values: Any) -> Array:
        """`values` as an array that this column can hold without changing one of them.

        NumPy would write 1.7 into an int column as 1, and 300 into an int8 column as 44. Raises ValueError for
        those, TypeError for what is not a number. (A float column rounds, as floats do.)

        >>> Column(0, np.int8).fit([1.0, 2.0])
        array([1, 2], dtype=int8)
        >>> Column(0, np.int8).fit([1, 300])
        Traceback (most recent call last):
        ...
        ValueError: an int8 column cannot hold 300
        """
        given = np.asarray(values)
        if given.dtype == self.dtype:
            return given
        if given.dtype.kind not in "biuf":
            raise TypeError(f"{self._article()} column holds numbers, not {values!r}")
        with np.errstate(invalid="ignore", over="ignore"):
            cast = given.astype(self.dtype)
        if self.dtype.kind == "f":
            return cast
        changed = cast != given
        if changed.any():
            raise ValueError(f"{self._article()} column cannot hold {given[changed].flat[0].item()}")
        return cast

    def _article(self) -> str:
        return f"{'an' if self.dtype.kind == 'i' else 'a'} {self.dtype}"


def columns_of(agent_type: type) -> Mapping[str, Column]:
    """The columns of a class in order of declaration, those of its bases first.

    Raises TypeError for one Column under two names, and for a name that is a column in one class of the family and
    something else in another.
    """
    found = {
        name: value
        for owner in reversed(agent_type.__mro__)
        for name, value in vars(owner).items()
        if isinstance(value, Column)
    }
    for name, column in found.items():
        if column.name != name:
            raise TypeError(f"{agent_type.__name__}: {column.name} and {name} are one Column; give each its own")
        for owner in agent_type.__mro__:
            if not isinstance(vars(owner).get(name, column), Column):
                raise TypeError(
                    f"{agent_type.__name__}.{name}: a column, but {owner.__name__} has something else there"
                )
    return found


def unknown(agent_type: Any, name: str, asked: Any) -> str:
    """What to say about a name that is no column of `agent_type` and no attribute of the class `asked`."""
    return _unknown(agent_type, name, asked)


@lru_cache(maxsize=1024)  # Mesa's DataCollector may ask every agent in vain
def _unknown(agent_type: Any, name: str, asked: Any) -> str:
    columns = columns_of(agent_type)
    hint = nearest(name, [*columns, *(other for other in dir(asked) if not other.startswith("_"))])
    return f"{agent_type.__name__} has no column {name!r}.{hint} Columns: {', '.join(columns) or 'none'}."
