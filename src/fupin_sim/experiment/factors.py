"""Factors: what a sweep varies, and the values each of them takes."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fupin_sim.dated import month_name, month_number
from fupin_sim.errors import nearest
from fupin_sim.experiment.distributions import DISTRIBUTIONS, distribution
from fupin_sim.experiment.numbers import is_number, tidy
from fupin_sim.toml_text import listed, shown

FORMS = 'a list of values, { from = …, to = …, steps = … }, or { dist = "normal", … }'
MOST_LEVELS = 100_000


@dataclass(frozen=True)
class Factor:
    """One thing that is varied.

    path: of a parameter. since: the month from which the value holds; "" where it is the parameter's only value.
    levels: the values of a grid or list; none where there are too many to say. at: the value at a quantile of 0 to 1,
    of a parameter that is whole or not. arms: the only arms it is varied in; None for all.
    """

    path: str
    since: str
    levels: tuple[Any, ...] | None
    at: Callable[[float, bool], Any]
    arms: tuple[str, ...] | None = None

    @property
    def name(self) -> str:
        """What tables call it."""
        return f"{self.path}@{self.since}" if self.since else self.path


def factors_of(name: str, form: Any) -> list[Factor]:
    """The factors that one line of [sweep.vary] makes; raises ValueError with a sentence that follows the name.

    A table of dates makes one for each date: the value from that date on.

    >>> [f.name for f in factors_of("policy.dibao.level", {"2018": [0.65, 0.8], "2020": 1.0})]
    ['policy.dibao.level@2018-01', 'policy.dibao.level@2020-01']
    """
    path, at, day = name.partition("@")
    since = month_name(month_number(day)) if at else ""
    arms = None
    if isinstance(form, Mapping) and "arms" in form:
        form = dict(form)
        arms = _arms(form.pop("arms"))
    if isinstance(form, Mapping) and any(_is_date(key) for key in form):
        if at:
            raise ValueError("has a date already; write the dates in one table")
        return [Factor(path, month, *_spread(spread), arms) for month, spread in _dated(form).items()]
    return [Factor(path, since, *_spread(form), arms)]


def _arms(names: Any) -> tuple[str, ...]:
    if not isinstance(names, list | tuple) or not names or not all(isinstance(name, str) for name in names):
        raise ValueError(f"arms = {shown(names)}: must be a list of names of arms, in quotes")
    return tuple(names)


def _is_date(key: Any) -> bool:
    return str(key)[:1].isdigit()


def _dated(form: Mapping[str, Any]) -> dict[str, Any]:
    """The forms by month, in order; a bare value is one that does not vary."""
    months: dict[str, Any] = {}
    for key, item in form.items():
        if not _is_date(key):
            raise ValueError(f"{key}: stands among dates; a dated factor holds dates and arms")
        month = month_name(month_number(key))
        if month in months:
            raise ValueError(f"two values for {month}")
        months[month] = item if isinstance(item, list | tuple | Mapping) else [item]
    return dict(sorted(months.items()))


Spread = tuple[tuple[Any, ...] | None, Callable[[float, bool], Any]]


def _spread(form: Any) -> Spread:
    """Levels and quantiles of one form."""
    if isinstance(form, list | tuple):
        return _listed(form)
    if not isinstance(form, Mapping):
        raise ValueError(f"= {shown(form)}: must be {FORMS}")
    if "dist" in form:
        return _distributed(form)
    if "values" in form:
        _only(form, ("values",))
        if not isinstance(form["values"], list | tuple):
            raise ValueError(f"values = {shown(form['values'])}: must be a list")
        return _listed(form["values"])
    _only(form, ("from", "to", "steps", "step", "scale", "values", "dist", "arms"))
    return _stretch(form)


def _only(form: Mapping[str, Any], allowed: Sequence[str]) -> None:
    strange = [f'no "{key}" here.{nearest(str(key), allowed)}' for key in form if key not in allowed]
    if strange:
        raise ValueError(f"{strange[0]}  Allowed are {listed(allowed, 12)}")


def _listed(values: Sequence[Any]) -> Spread:
    levels = tuple(tidy(value) for value in values)
    if not levels:
        raise ValueError("= []: needs at least one value")
    return levels, _pick(levels)


def _pick(levels: tuple[Any, ...]) -> Callable[[float, bool], Any]:
    """Each level for an equal share of the quantiles."""
    return lambda u, whole: levels[min(int(u * len(levels)), len(levels) - 1)]


def _stretch(form: Mapping[str, Any]) -> Spread:
    """{ from, to } with steps or a step, in equal steps or, on a log scale, in equal ratios."""
    low, high = (_number(form, key) for key in ("from", "to"))
    if not low < high:
        raise ValueError(f"from = {shown(low)}, to = {shown(high)}: from must be below to")
    scale = form.get("scale", "linear")
    if scale not in ("linear", "log"):
        raise ValueError(f"scale = {shown(scale)}: must be linear or log.{nearest(str(scale), ('linear', 'log'))}")
    if scale == "log" and low <= 0:
        raise ValueError(f"from = {shown(low)}: must be above 0 on a log scale")
    if "steps" in form and "step" in form:
        raise ValueError("has both steps, which is how many values, and step, which is how far apart; keep one")
    if "steps" in form or "step" in form:
        levels = _by_steps(low, high, form["steps"], scale) if "steps" in form else _by_step(low, high, form, scale)
        return levels, _pick(levels)
    return None, _between(low, high, scale)


def _by_steps(low: float, high: float, steps: Any, scale: str) -> tuple[Any, ...]:
    if isinstance(steps, bool) or not isinstance(steps, int) or not 2 <= steps <= MOST_LEVELS:
        raise ValueError(f"steps = {shown(steps)}: must be a whole number, from 2 (both ends) to {MOST_LEVELS:,}")
    shares = [i / (steps - 1) for i in range(steps)]
    return tuple(low if s == 0 else high if s == 1 else tidy(_at(low, high, s, scale)) for s in shares)


def _by_step(low: float, high: float, form: Mapping[str, Any], scale: str) -> tuple[Any, ...]:
    step = _number(form, "step")
    if scale == "log":
        raise ValueError("step: a log scale has no equal steps; give steps = …, how many values")
    if not 0 < step <= high - low or (high - low) / step > MOST_LEVELS:
        raise ValueError(f"step = {shown(step)}: must be above 0 and fit between {low:g} and {high:g}")
    return tuple(tidy(low + i * step) for i in range(math.floor(tidy((high - low) / step)) + 1))


def _between(low: float, high: float, scale: str) -> Callable[[float, bool], Any]:
    def at(u: float, whole: bool) -> Any:
        if whole and scale == "linear":
            first, last = math.ceil(low), math.floor(high)
            return min(first + math.floor(u * (last - first + 1)), last)
        value = tidy(_at(low, high, u, scale))
        return round(value) if whole else value

    return at


def _at(low: float, high: float, share: float, scale: str) -> float:
    if scale == "log":
        return math.exp(math.log(low) + share * (math.log(high) - math.log(low)))
    return low + share * (high - low)


def _distributed(form: Mapping[str, Any]) -> Spread:
    """{ dist = …, … }; with `steps`, its levels are the middles of so many equally probable parts."""
    kind = form["dist"]
    if kind not in DISTRIBUTIONS:
        raise ValueError(
            f"dist = {shown(kind)}: allowed are {listed(DISTRIBUTIONS)}.{nearest(str(kind), DISTRIBUTIONS)}"
        )
    needed, optional = DISTRIBUTIONS[kind]
    _only(form, ("dist", *needed, *optional, "steps", "arms"))
    for key in needed:
        if key not in form:
            raise ValueError(f'dist = "{kind}": needs {listed(needed)}; {key} is missing')
    quantile = distribution(kind, {key: _number(form, key) for key in (*needed, *optional) if key in form})

    def at(u: float, whole: bool) -> Any:
        value = tidy(quantile(u))
        return round(value) if whole else value

    steps = form.get("steps")
    if steps is None:
        return None, at
    if isinstance(steps, bool) or not isinstance(steps, int) or not 1 <= steps <= MOST_LEVELS:
        raise ValueError(f"steps = {shown(steps)}: must be a whole number, from 1 to {MOST_LEVELS:,}")
    levels = tuple(at((i + 0.5) / steps, False) for i in range(steps))
    return levels, _pick(levels)


def _number(form: Mapping[str, Any], key: str) -> float:
    if key not in form:
        raise ValueError(f"{key} is missing; a factor is {FORMS}")
    if not is_number(form[key]):
        raise ValueError(f"{key} = {shown(form[key])}: must be a number")
    number: float = form[key]
    return number
