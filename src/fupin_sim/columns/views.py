"""Mesa's AgentSet over keys instead of objects."""

from __future__ import annotations

import math
import operator
import sys
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from random import Random
from typing import Any, Self

import numpy as np
from mesa.agent import AgentSet

from fupin_sim.columns.column import Array

GroupBy: Any = vars(sys.modules[AgentSet.__module__])["GroupBy"]  # beside AgentSet, which moved in Mesa 3.5


class Views(AgentSet):
    """An ordered set of agents kept as integers; the agent of an integer is made when somebody looks at it.

    What Mesa's sets do with weak references to agents, these do with keys, in the same order and with the same random
    numbers. Removed agents vanish from every set. A set that was never narrowed holds all the living, later born too.
    """

    _chosen: Array | None  # None: everybody alive
    random: Random

    # ---- what a kind of key must say for itself ------------------------------

    def _everybody(self) -> Sequence[int] | Array:
        raise NotImplementedError

    def _population(self) -> int:
        raise NotImplementedError

    def _alive(self, keys: Array) -> Array:
        raise NotImplementedError

    def _view(self, key: int) -> Any:
        raise NotImplementedError

    def _key(self, agent: Any) -> int | None:
        """The key of a living agent of these tables, or None."""
        raise NotImplementedError

    def _of_type(self, keys: Array, agent_type: type) -> Array:
        raise NotImplementedError

    def _with(self, keys: Any) -> Self:
        """Another set of the same kind, with these keys."""
        other = object.__new__(type(self))
        other.__dict__.update(self.__dict__, _chosen=np.asarray(keys, dtype=np.int64))
        return other

    # ---- keys ----------------------------------------------------------------

    def _keys(self) -> Array:
        if self._chosen is None:
            return np.asarray(self._everybody())
        alive = self._alive(self._chosen)
        return self._chosen if alive.all() else self._chosen[alive]

    def _living(self, keys: Iterable[int]) -> Iterator[tuple[int, Any]]:
        """Keys with their agents; one that dies on the way is passed over."""
        for key in keys:
            agent = self._view(key)
            if agent.table.alive[agent.row]:
                yield key, agent

    def _keys_of(self, agents: Iterable[Any]) -> list[int]:
        keys: dict[int, None] = {}
        for agent in agents:
            key = self._key(agent)
            if key is None:
                raise TypeError(f"{agent!r} is not a living agent of {self!r}")
            keys[key] = None
        return list(keys)

    def _taken(self, keys: Any, inplace: bool) -> Self:
        if not inplace:
            return self._with(keys)
        self.__dict__["_chosen"] = np.asarray(keys, dtype=np.int64)
        return self

    # ---- a set and a sequence ------------------------------------------------

    def __len__(self) -> int:
        return self._population() if self._chosen is None else len(self._keys())

    def __iter__(self) -> Iterator[Any]:
        return (agent for _, agent in self._living(self._keys().tolist()))

    def __reversed__(self) -> Iterator[Any]:
        return (agent for _, agent in self._living(self._keys()[::-1].tolist()))

    def __contains__(self, agent: object) -> bool:
        key = self._key(agent)
        return key is not None and (self._chosen is None or bool((self._chosen == key).any()))

    def __getitem__(self, item: Any) -> Any:
        keys: Any = self._everybody() if self._chosen is None else self._keys()
        if isinstance(item, slice):
            return [self._view(int(key)) for key in keys[item]]
        return self._view(int(keys[operator.index(item)]))

    def index(self, value: Any, start: int = 0, stop: int | None = None) -> int:
        keys = self._keys()
        among = range(len(keys))[start:stop]
        found = np.flatnonzero(keys == self._key(value)) if value in self else np.empty(0)
        if not len(found) or found[0] not in among:
            raise ValueError(f"{value!r} is not in {self!r}")
        return int(found[0])

    def to_list(self) -> list[Any]:
        return list(self)

    def add(self, agent: Any) -> None:
        keys = self._keys_of([agent])
        if agent not in self:
            self._taken(np.append(self._keys(), keys), inplace=True)

    def discard(self, agent: Any) -> None:
        if agent in self:
            keys = self._keys()
            self._taken(keys[keys != self._key(agent)], inplace=True)

    def remove(self, agent: Any) -> None:
        if agent not in self:
            raise KeyError(agent)
        self.discard(agent)

    def clear(self) -> None:
        self._taken([], inplace=True)

    def _update(self, agents: Iterable[Any]) -> Self:
        return self._taken(self._keys_of(agents), inplace=True)

    def _from_iterable(self, it: Iterable[Any]) -> Self:  # type: ignore[override]  # on the instance: it has the tables
        return self._with(self._keys_of(it))

    def copy(self) -> Self:
        return self._with(self._keys())

    __copy__ = copy

    def __getstate__(self) -> dict[str, Any]:
        return self.__dict__

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)

    # ---- Mesa's verbs ----------------------------------------------------------

    def select(
        self,
        filter_func: Callable[[Any], Any] | Array | None = None,
        at_most: float = math.inf,
        inplace: bool = False,
        agent_type: type | None = None,
    ) -> Any:
        """As in Mesa; `filter_func` may also be a mask over the set, as in ``poor = homes.select(homes.wealth < 1)``.

        A filter sees agents of `agent_type` only; a fraction `at_most` is of the whole set, as in Mesa.
        """
        keys = self._keys()
        if isinstance(at_most, float) and at_most <= 1.0:
            at_most = int(len(keys) * at_most)
        wanted = np.ones(len(keys), dtype=bool)
        if filter_func is not None and not callable(filter_func):
            mask = np.asarray(filter_func)
            if mask.dtype != bool or mask.shape != wanted.shape:
                raise ValueError(f"a mask over this set is {len(keys)} bools, not {mask.dtype}{mask.shape}")
            wanted &= mask
        if agent_type is not None:
            wanted &= self._of_type(keys, agent_type)
        keys = keys[wanted]
        most = max(0, math.ceil(min(at_most, len(keys))))
        if callable(filter_func):
            chosen = (key for key, agent in self._living(keys.tolist()) if filter_func(agent))
            return self._taken(list(islice(chosen, most)), inplace)
        return self._taken(keys[:most], inplace)

    def shuffle(self, inplace: bool = False) -> Self:
        keys = self._keys().tolist()
        self.random.shuffle(keys)
        return self._taken(keys, inplace)

    def sort(self, key: Callable[[Any], Any] | str, ascending: bool = False, inplace: bool = False) -> Self:
        by: Callable[[Any], Any] = operator.attrgetter(key) if isinstance(key, str) else key
        keys = sorted(self._keys().tolist(), key=lambda key: by(self._view(key)), reverse=not ascending)
        return self._taken(keys, inplace)

    def map(self, method: str | Callable[..., Any], *args: Any, **kwargs: Any) -> list[Any]:
        return list(self._called(self._keys().tolist(), method, args, kwargs))

    def do(self, method: str | Callable[..., Any], *args: Any, **kwargs: Any) -> Self:
        for _ in self._called(self._keys().tolist(), method, args, kwargs):
            pass
        return self

    def shuffle_do(self, method: str | Callable[..., Any], *args: Any, **kwargs: Any) -> Self:
        keys = self._keys().tolist()
        self.random.shuffle(keys)
        for _ in self._called(keys, method, args, kwargs):
            pass
        return self

    def _called(self, keys: list[int], method: Any, args: Any, kwargs: Any) -> Iterator[Any]:
        if isinstance(method, str):
            return (getattr(agent, method)(*args, **kwargs) for _, agent in self._living(keys))
        return (method(agent, *args, **kwargs) for _, agent in self._living(keys))

    def get(self, attr_names: Any, handle_missing: str = "error", default_value: Any = None) -> list[Any]:
        if handle_missing not in ("error", "default"):
            raise ValueError(f"handle_missing is 'error' or 'default', not {handle_missing!r}")
        missing = () if handle_missing == "error" else (default_value,)
        if isinstance(attr_names, str):
            return self._got(attr_names, missing)
        columns = [self._got(name, missing) for name in attr_names]
        return [list(row) for row in zip(*columns, strict=True)] if columns else [[] for _ in range(len(self))]

    def _got(self, name: str, missing: tuple[Any, ...]) -> list[Any]:
        return [getattr(agent, name, *missing) for agent in self]

    def groupby(self, by: Callable[[Any], Hashable] | str, result_type: str = "agentset") -> Any:
        name: Callable[[Any], Hashable] = operator.attrgetter(by) if isinstance(by, str) else by
        groups: dict[Hashable, list[int]] = {}
        for key, agent in self._living(self._keys().tolist()):
            groups.setdefault(name(agent), []).append(key)
        return self._grouped(groups, result_type)

    def _grouped(self, groups: Mapping[Hashable, Any], result_type: str) -> Any:
        sets = {name: self._with(keys) for name, keys in groups.items()}
        return GroupBy(sets if result_type == "agentset" else {name: list(group) for name, group in sets.items()})
