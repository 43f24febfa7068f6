"""What a scenario may hold: the catalogue it is read against, and the settings every scenario has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from fupin_sim.parameter import Parameter
from fupin_sim.plugins import Measure, Policy, Process, Section, Shock


class ScenarioSection(Section):
    """What the run is called, when it begins, how long it lasts, and which luck it has."""

    title = Parameter("", mark="choice", doc="one line for tables and figures")
    description = Parameter("", mark="choice", doc="what the scenario is for")
    start = Parameter("2016-01", kind="date", mark="choice", doc="the first month after the burn-in")
    years = Parameter(10, unit="years", range=(5, 30), limits=(1, 100), mark="choice", doc="length without the burn-in")
    seed = Parameter(1, limits=(0, None), mark="choice", doc="which luck; replicates count on from it")


class Catalogue(Protocol):
    """Everything built in, by name: what `use`, paths and the sections of a file may name."""

    @property
    def sections(self) -> Mapping[str, type[Section]]: ...
    @property
    def processes(self) -> Mapping[str, type[Process]]: ...
    @property
    def policies(self) -> Mapping[str, type[Policy]]: ...
    @property
    def shocks(self) -> Mapping[str, type[Shock]]: ...
    @property
    def measures(self) -> Mapping[str, type[Measure]]: ...


@dataclass(frozen=True)
class Classes:
    """The classes of a catalogue in plain dictionaries, so that a scenario that keeps them can be pickled."""

    sections: Mapping[str, type[Section]]
    processes: Mapping[str, type[Process]]
    policies: Mapping[str, type[Policy]]
    shocks: Mapping[str, type[Shock]]
    measures: Mapping[str, type[Measure]]

    @classmethod
    def of(cls, catalogue: Catalogue) -> Classes:
        """The catalogue's classes, with [scenario] first among the sections."""
        if isinstance(catalogue, Classes):
            return catalogue
        sections: dict[str, type[Section]] = {"scenario": ScenarioSection, **catalogue.sections}
        return cls(
            sections,
            dict(catalogue.processes),
            dict(catalogue.policies),
            dict(catalogue.shocks),
            dict(catalogue.measures),
        )
