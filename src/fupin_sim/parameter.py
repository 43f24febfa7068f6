"""A quantity declared once: unit, default, plausible range, hard limits, choices, source, evidence mark, claim."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Any, Literal, Self, get_args, overload

from fupin_sim.dated import PriceIndex, Series, month_name, month_number
from fupin_sim.errors import nearest
from fupin_sim.kinds import WANTED, kind_named, kind_of, parts_of, typed
from fupin_sim.toml_text import listed, shown

Mark = Literal["measured", "second-hand", "unverified", "fitted", "assumed", "choice"]
Limits = tuple[float | None, float | None]


class Parameter:
    """One named quantity of a plugin, declared as a class attribute; on an instance it is the value in force.

    default: its type is the parameter's, unless `kind` says otherwise ("bool", "int", "float", "str", "date", "file",
        "list[…]" or "table[…]" of these). A whole number with a unit of yuan, or with a fraction in `range` or
        `limits`, is a float. None, which is "none" in a file, needs a `kind`.
    unit: as a reader says it, such as "per household-month" or "yuan per household-year".
    range: plausible values, for sensitivity analysis and sliders; `limits`: values outside are refused
        (an end may be None). Yuan are not negative unless `limits` say so.
    choices: the only values allowed, of the parameter or of the items of its list.
    mark: how the default is known; "choice" is the user's decision, of which there is no truth.
    source, claim: where the default comes from; the claim of the literature it belongs to.
    name: what the file calls it, when the attribute must be called otherwise.
    optional: whether a file may say "none" although the default is a value.

    Raises TypeError where the declaration contradicts itself.

    >>> class Illness:
    ...     risk = Parameter(0.087, unit="per household-month", range=(0.05, 0.13), limits=(0, 1), mark="fitted")
    >>> Illness.risk.accept(1)
    1.0
    >>> Illness.risk.accept(2)
    Traceback (most recent call last):
    ValueError: risk = 2: must lie between 0 and 1 (per household-month)
    """

    dated = False

    def __init__(
        self,
        default: Any,
        *,
        unit: str = "",
        range: tuple[float, float] | None = None,
        limits: Limits | None = None,
        choices: Sequence[Any] | None = None,
        mark: Mark = "assumed",
        source: str = "",
        claim: str | None = None,
        doc: str = "",
        kind: Any = None,
        name: str = "",
        optional: bool = False,
    ) -> None:
        if limits is None and unit.startswith("yuan"):
            limits = (0, None)
        self.name, self.unit, self.range, self.limits = name, unit, range, limits
        self.choices = None if choices is None else tuple(choices)
        self.mark, self.source, self.claim, self.doc = mark, source, claim, doc
        self.optional = optional or default is None
        fractions = unit.startswith("yuan") or any(isinstance(x, float) for x in (*(range or ()), *(limits or ())))
        self.kind = kind_of(default, fractions, self.dated) if kind is None else kind_named(kind)
        self.shape, self.item = parts_of(self.kind)
        self._check_declaration(default)
        self.may_be_empty = default == ""
        self.default, mistakes = self.check(default)
        if mistakes:
            raise TypeError("the default does not fit: " + "; ".join("default" + m for m in mistakes))

    def _check_declaration(self, default: Any) -> None:
        """Refuse a declaration that contradicts itself; raises TypeError."""
        if self.mark not in get_args(Mark):
            raise TypeError(f"mark must be one of {', '.join(get_args(Mark))}, not {self.mark!r}")
        if (self.range or self.limits) and self.item not in ("int", "float"):
            raise TypeError(f"a {self.kind} has no range or limits")
        if self.item == "file" and default not in ("", None, (), []):
            raise TypeError('the default of a file is "", None or an empty list')
        if self.range is not None:
            low, high = self.range
            if not low <= high or any(self._outside(end) for end in self.range):
                raise TypeError(f"range {self.range} must ascend and lie within limits {self.limits}")
        if self.dated and self.shape == "table":
            raise TypeError("a dated parameter cannot be a table: its tables hold dates")

    def __set_name__(self, owner: type, attribute: str) -> None:
        self.name = self.name or attribute

    @overload
    def __get__(self, instance: None, owner: type) -> Self: ...
    @overload
    def __get__(self, instance: Any, owner: type) -> Any: ...
    def __get__(self, instance: Any, owner: type) -> Any:
        return self if instance is None else instance.values[self.name]

    def __set__(self, instance: Any, value: Any) -> None:
        raise AttributeError(f"{self.name} comes from the scenario and is not assigned to; see Plugin.values")

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.name} = {shown(self.default)}{', ' + self.unit if self.unit else ''})"

    def accept(self, value: Any, prices: PriceIndex | None = None) -> Any:
        """The value in the parameter's own type; raises ValueError saying all that is wrong."""
        accepted, mistakes = self.check(value, prices)
        if mistakes:
            raise ValueError("; ".join(self.name + mistake for mistake in mistakes))
        return accepted

    def check(self, value: Any, prices: PriceIndex | None = None) -> tuple[Any, list[str]]:
        """The value in the parameter's own type, and what is wrong with it, to be read after the name."""
        return self._check_one(value, "")

    def _check_one(self, value: Any, where: str) -> tuple[Any, list[str]]:
        """A value that is in force at one time, checked item by item."""
        if self.optional and (value is None or (isinstance(value, str) and value == "none")):
            return None, []
        if self.shape == "list" and isinstance(value, list | tuple):
            return self._check_items([(f"{where}[{i}]", item) for i, item in enumerate(value)], tuple)
        if self.shape == "table" and isinstance(value, Mapping):
            keys = [str(key) for key in value]
            items = [(f"{where}.{shown(k)[1:-1]}", item) for k, item in zip(keys, value.values(), strict=True)]
            return self._check_items(items, lambda accepted: dict(zip(keys, accepted, strict=True)))
        if self.shape:
            return value, [f"{where} = {shown(value)}: must be a {self.shape} {WANTED[self.item][1]}"]
        return self._check_item(value, where)

    def _check_items(
        self, items: Sequence[tuple[str, Any]], build: Callable[[list[Any]], Any]
    ) -> tuple[Any, list[str]]:
        checked = [self._check_item(item, where) for where, item in items]
        return build([value for value, _ in checked]), [m for _, mistakes in checked for m in mistakes]

    def _check_item(self, value: Any, where: str) -> tuple[Any, list[str]]:
        try:
            accepted = typed(value, self.item, self.may_be_empty)
        except ValueError as error:
            return value, [f"{where} = {shown(value)}: {error}{self._none_hint()}"]
        if self.choices is not None and accepted not in self.choices:
            allowed = [str(choice) for choice in self.choices]
            return value, [f"{where} = {shown(value)}: allowed are {listed(allowed, 12)}.{nearest(value, allowed)}"]
        if self._outside(accepted):
            unit = f" ({self.unit})" if self.unit else ""
            return value, [f"{where} = {shown(value)}: must {self._bounds()}{unit}"]
        return accepted, []

    def _outside(self, value: Any) -> bool:
        low, high = self.limits or (None, None)
        return (low is not None and value < low) or (high is not None and value > high)

    def _bounds(self) -> str:
        low, high = self.limits or (None, None)
        if low is not None and high is not None:
            return f"lie between {low:,} and {high:,}"
        return f"be at least {low:,}" if high is None else f"be at most {high:,}"

    def _none_hint(self) -> str:
        return ', or "none"' if self.optional else ""


class Dated(Parameter):
    """A parameter that may change over time: a value, or a table {date: value}.

    A table in nominal yuan, { nominal = true, "2016-01" = 3000 }, is turned into constant yuan by the price index of
    the scenario; only parameters in yuan have one.

    >>> class Dibao:
    ...     level = Dated(0.65, unit="share of the poverty line", range=(0.4, 1.2))
    >>> Dibao.level.accept({"2016-01": 0.65, "2018-01": 0.80}).at(month_number("2020-01"))
    0.8
    """

    dated = True

    def check(self, value: Any, prices: PriceIndex | None = None) -> tuple[Any, list[str]]:
        """The value or Series in the parameter's own type, and what is wrong with it, to be read after the name."""
        if isinstance(value, Series):
            value = value.table()
        if not isinstance(value, Mapping):
            return self._check_one(value, "")
        nominal = value.get("nominal", False)
        days = [day for day in value if day != "nominal"]
        mistakes = self._mistakes_of_dates(days)
        if not isinstance(nominal, bool):
            mistakes.append(f".nominal = {shown(nominal)}: must be true or false")
        checked = [self._check_one(value[day], f'."{day}"') for day in days]
        mistakes += [mistake for _, found in checked for mistake in found]
        if nominal is True:
            mistakes += self._mistakes_of_nominal(prices)
        if mistakes:
            return value, mistakes
        series = Series(tuple(month_number(day) for day in days), tuple(accepted for accepted, _ in checked))
        if nominal is True and prices is not None:
            series = prices.real(series)
            days = [f'."{day}" in constant yuan' for day in series.table()]
            rechecked = [self._check_one(real, day) for day, real in zip(days, series.values, strict=True)]
            mistakes += [mistake for _, found in rechecked for mistake in found]
        return series.simplest(), mistakes

    def _mistakes_of_dates(self, days: Sequence[Any]) -> list[str]:
        mistakes, months = [], []
        for day in days:
            try:
                months.append((month_number(day), day))
            except ValueError as error:
                mistakes.append(f": {error}")
        for (earlier, first), (later, second) in pairwise(months):
            if earlier == later:
                mistakes.append(f': two values for {month_name(later)} ("{first}" and "{second}")')
            elif earlier > later:
                mistakes.append(f': dates out of order, "{first}" stands before "{second}"; write the earlier first')
        return mistakes if days else [" = {}: a table of dates needs at least one date"]

    def _mistakes_of_nominal(self, prices: PriceIndex | None) -> list[str]:
        if not self.unit.startswith("yuan"):
            return [f".nominal = true: only amounts in yuan can be nominal, and this is {self.unit or self.kind}"]
        if prices is None:
            return [".nominal = true: needs a price index; give [prices] index, or constant yuan without nominal"]
        return []


def parameters_of(cls: type) -> dict[str, Parameter]:
    """The parameters of a class by name, in order of declaration, those of base classes first.

    A derived class may declare one again, which then keeps its place, or take it away by assigning None.
    """
    return dict(_parameters_of(cls))


@lru_cache(maxsize=1024)  # a study looks at each class once for every scenario
def _parameters_of(cls: type) -> dict[str, Parameter]:
    by_attribute: dict[str, Any] = {}
    for ancestor in reversed(cls.__mro__):
        for attribute, value in vars(ancestor).items():
            if isinstance(value, Parameter) or attribute in by_attribute:
                by_attribute[attribute] = value
    return {value.name: value for value in by_attribute.values() if isinstance(value, Parameter)}
