"""What can be plugged into a run: base classes, and the class behind the name in `use = "…"`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from fupin_sim.dated import Series
from fupin_sim.parameter import Parameter, parameters_of


class Plugin:
    """Something with a name and parameters; an instance holds the values that are in force.

    name: as in the scenario. values: by parameter; what is missing takes its default, a Series becomes a schedule.

    >>> class Rain(Plugin):
    ...     pass
    >>> Rain("rain").values
    {}
    """

    renamed: ClassVar[Mapping[str, tuple[str, str]]] = {}
    """Retired names of parameters: {"old": ("new", "0.3")} answers that old was renamed new in version 0.3."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        for attribute, value in vars(cls).items():
            if isinstance(value, Parameter):
                _check_names(cls, attribute, value)

    def __init__(self, name: str = "", values: Mapping[str, Any] | None = None) -> None:
        self.name = name or type(self).__name__
        given = {key: parameter.default for key, parameter in parameters_of(type(self)).items()} | dict(values or {})
        self.schedules = {key: value for key, value in given.items() if isinstance(value, Series)}
        self.values = given | {key: series.values[0] for key, series in self.schedules.items()}

    def at(self, month: int) -> None:
        """Put the values of that month in force."""
        for key, series in self.schedules.items():
            self.values[key] = series.at(month)


class Section(Plugin):
    """A settings table of the scenario, such as [population] or [line]."""


class Process(Plugin):
    """Something that happens every month to every household, village or county."""

    local: ClassVar[bool] = True
    """Whether it runs block by block (whole villages); otherwise on whole columns."""

    def run(self, world: Any) -> None:
        """Change the world by one month."""


class Shock(Plugin):
    """Something that befalls a place at a time."""

    def adjust(self, world: Any) -> None:
        """Adjust named rates of this month."""

    def strike(self, world: Any) -> None:
        """Destroy, delay, bereave."""


class Policy(Plugin):
    """An instrument, seen by the month through four hooks only; none reads another policy."""

    def adjust(self, world: Any) -> None:
        """Adjust named rates of this month."""

    def claim(self, world: Any) -> Any:
        """What each household is to be paid this month: whole fen, shape (n,), or None for nobody."""
        return None

    def paid(self, world: Any, amount: Any) -> None:
        """Hear what settlement paid of the claim: whole fen, shape (n,)."""

    def describe(self) -> str:
        """One line for the order of the month."""
        return (type(self).__doc__ or type(self).__name__).strip().splitlines()[0]


class Measure(Plugin):
    """A number, or a number by group, looked up in the world."""

    unit: ClassVar[str] = ""
    every: ClassVar[str] = "month"
    better: ClassVar[str] = ""
    doc: ClassVar[str] = ""

    def take(self, world: Any) -> float | dict[str, float]:
        """The measure of this month or year."""
        raise NotImplementedError


def _check_names(cls: type[Plugin], attribute: str, parameter: Parameter) -> None:
    """Refuse a parameter that would hide a method, or a key that every entry has; raises TypeError."""
    hidden = [base for base in cls.__mro__[1:] if attribute in vars(base)]
    if attribute in ("name", "values", "schedules") or any(
        not isinstance(vars(base)[attribute], Parameter | None) for base in hidden
    ):
        raise TypeError(
            f"{cls.__name__}.{attribute} would hide what every plugin has; call the attribute otherwise "
            f'and say Parameter(…, name="{attribute}")'
        )
    if parameter.name in ("name", "use", "enabled"):
        raise TypeError(f'{cls.__name__}: no parameter can be called "{parameter.name}"; every entry has that key')
