"""A Mesa model whose agents are the rows of its tables."""

from __future__ import annotations

from typing import Any, NoReturn

import mesa

from fupin_sim.columns.agent import RowAgent
from fupin_sim.columns.chained_set import ChainedSet
from fupin_sim.columns.row_set import RowSet
from fupin_sim.columns.table import Table


class RowModel(mesa.Model):
    """A `mesa.Model` in which every agent is a `RowAgent`.

    `agents`, `agents_by_type` and what is selected from them are made anew at every call, so changing such a set in
    place changes the set and never the model. A model with one type of agents gives its `RowSet` as `agents`, one
    with several a `ChainedSet`, type by type in the order in which the model first asked for their tables.

    To pickle a model that has a DataCollector, give the reporters of agents as ``operator.attrgetter("wealth")``;
    Mesa makes a local function of the string ``"wealth"``, which pickle refuses.
    """

    tables: dict[type[RowAgent], Table]

    def __init__(self, *, rng: Any = None, seed: Any = None) -> None:
        """`rng` is what ``mesa.Model`` takes, or its digits in a string; `seed` is another word for it."""
        if rng is not None and seed is not None:
            raise ValueError("give rng or seed, not both: they mean the same")
        given = seed if rng is None else rng
        super().__init__(rng=int(given) if isinstance(given, str) else given)
        self.tables = {}

    def table(self, agent_type: type[RowAgent]) -> Table:
        """The table of a type of agents, made when first asked for."""
        if agent_type not in self.tables:
            if not (isinstance(agent_type, type) and issubclass(agent_type, RowAgent)):
                raise TypeError(f"the agents of a RowModel are RowAgents, not {agent_type!r}")
            self.tables[agent_type] = Table(self, agent_type, index=len(self.tables))
        return self.tables[agent_type]

    @property  # type: ignore[misc]  # read-only; Mesa's own setter only raises
    def agents(self) -> Any:
        if len(self.tables) == 1:
            return RowSet(*self.tables.values())
        return ChainedSet(self.tables.values(), self.random)

    @property
    def agents_by_type(self) -> dict[type[RowAgent], RowSet]:  # type: ignore[override]
        return {agent_type: RowSet(table) for agent_type, table in self.tables.items()}

    @property
    def agent_types(self) -> list[type[RowAgent]]:
        return list(self.tables)

    def register_agent(self, agent: Any) -> NoReturn:
        raise TypeError(f"the agents of a RowModel are RowAgents: declare {type(agent).__name__} as one")

    def deregister_agent(self, agent: RowAgent) -> None:
        """Mark the agent's row as dead; KeyError if it is."""
        table = agent.table
        if table.model is not self or not table.alive[agent.row]:
            raise KeyError(agent)
        table.remove(agent.row)

    def remove_all_agents(self) -> None:
        self.agents.do("remove")
        super().remove_all_agents()  # type: ignore[no-untyped-call]
