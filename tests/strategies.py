"""Small random scenarios for hypothesis: a handful of households, extreme parameters, policies that share a purse."""

from __future__ import annotations

from typing import Any

import hypothesis.strategies as st

from fupin_sim.catalogue import BUILT_IN
from fupin_sim.parameter import Parameter, parameters_of
from fupin_sim.scenario import Scenario, load

DATES = tuple(f"{year}-{month:02d}" for year in (2015, 2016, 2017) for month in (1, 6, 7, 9, 12))
FAR = 20
"""How many times its plausible range a parameter without a near limit may exceed."""

SLOW = "depreciation"
"""Every other value has the aims of investment solved anew, for seconds."""

INSTITUTIONS = ("organization", "worthies", "practices", "cooperatives", "delivery")
"""What a scenario has to switch on."""

POPULATION = ("schooling", "schooling_spread", "ability_spread", "wage_spread", "frailty_spread", "trust",
              "village_spread", "clans", "savings", "income")  # fmt: skip


def scenario_of(tables: dict[str, Any], **layers: Any) -> Scenario:
    """The scenario of these tables; a table in `layers` takes the place of the one in `tables`, or of its processes."""
    if "process" in layers:
        mine, theirs = layers["process"], tables.get("process", {})
        layers["process"] = {name: {**theirs.get(name, {}), **mine.get(name, {})} for name in {*theirs, *mine}}
    return load({**tables, **layers}, BUILT_IN)


def scenarios(*, years: int = 2, counties: int = 1) -> st.SearchStrategy[Scenario]:
    """Loaded scenarios of at most `years` years after a burn-in of at most a year.

    counties: how many there are at least.
    """
    return tables(years=years, counties=counties).map(scenario_of)


@st.composite
def tables(draw: st.DrawFn, *, years: int = 2, counties: int = 1) -> dict[str, Any]:
    """The same as the tables of a scenario file."""
    villages = draw(st.integers(counties, 4))
    people: dict[str, Any] = {
        "villages": villages, "counties": draw(st.integers(counties, villages)), "households": draw(st.integers(1, 9))
    }  # fmt: skip
    drawn = parameters_of(BUILT_IN.sections["population"])
    for name in draw(st.lists(st.sampled_from(POPULATION), max_size=3, unique=True)):
        people[name] = draw(values(drawn[name]))
    names = draw(st.permutations(["alms", "bread", "coin", "dole"]))
    return {
        "scenario": {
            "start": draw(st.sampled_from(["2016-01", "2016-01", "2015-12", "2016-07"])),
            "years": draw(st.integers(1, years)), "seed": draw(st.integers(0, 99)),
        },
        "population": people,
        "burn_in": {"months": draw(st.sampled_from([0, 1, 5, 12]))},
        "line": {
            "level": draw(dated(st.sampled_from([1.0, 2_000.0, 4_000.0, 8_000.0, 40_000.0]))),
            "rule": draw(st.sampled_from(["stepped", "stepped", "constant", "indexed", "relative"])),
            "grows_by": draw(st.sampled_from([0.0, 0.03, -0.2])), "share": draw(st.sampled_from([0.4, 0.01, 2.0])),
        },
        "funds": {
            "allocation": draw(st.sampled_from(["proportional", "uniform", "targeted"])),
            "carry_over": draw(st.sampled_from([0.0, 0.5, 1.0])), "tilt": draw(st.sampled_from([0.0, 0.4, -1.0])),
        },
        "process": draw(processes()),
        "policy": [draw(policy(name)) for name in names[: draw(st.integers(0, 4))]],
        "shock": [draw(drought())] if draw(st.booleans()) else [],
    }  # fmt: skip


@st.composite
def processes(draw: st.DrawFn) -> dict[str, dict[str, Any]]:
    """A few parameters of processes somewhere within their limits; the rest keep their defaults."""
    declared = [
        (process, parameter)
        for process, cls in BUILT_IN.processes.items()
        for parameter in parameters_of(cls).values()
        if parameter.item in ("bool", "int", "float", "str") and not parameter.shape and parameter.name != SLOW
    ]
    chosen: dict[str, dict[str, Any]] = {
        "growth": {"on": draw(st.booleans())},
        "register": {"observation": draw(st.sampled_from(["exact", "observed"]))},
    }
    for name in draw(st.lists(st.sampled_from(INSTITUTIONS), max_size=len(INSTITUTIONS), unique=True)):
        own = [p for p in parameters_of(BUILT_IN.processes[name]).values() if p.name != "on"]
        some = draw(st.lists(st.sampled_from(own), max_size=3, unique_by=id))
        chosen[name] = {"on": True, **{p.name: draw(values(p)) for p in some}}
    if draw(st.booleans()):
        chosen |= draw(teams())
    for process, parameter in draw(st.lists(st.sampled_from(declared), max_size=8, unique_by=id)):
        chosen.setdefault(process, {})[parameter.name] = draw(values(parameter))
    return chosen


@st.composite
def teams(draw: st.DrawFn) -> dict[str, dict[str, Any]]:
    """Teams in some villages or in all, sent and withdrawn by any rule."""
    rules = {"assignment": ("rule", "reassign"), "withdrawal": ("rule", "least")}
    chosen = {
        process: {name: draw(values(parameters_of(BUILT_IN.processes[process])[name])) for name in names}
        for process, names in rules.items()
    }
    return {**chosen, "teams": {"per_village": draw(st.sampled_from([0.5, 1.0, 2.0]))}}


def values(parameter: Parameter) -> st.SearchStrategy[Any]:
    """Values within the limits of a parameter, its extremes likely among them.

    Its far end is cut at FAR times the plausible range, so that no household earns more than its accounts can hold.
    """
    if parameter.choices:
        return st.sampled_from(parameter.choices)
    if parameter.item == "bool":
        return st.booleans()
    low, high = (*(parameter.limits or (None, None)),)
    near = parameter.range or (low or 0.0, high or 1.0)
    low = min(0.0, near[0]) if low is None else low
    high = near[1] * FAR if high is None else min(high, max(near[1] * FAR, 1.0))
    if parameter.item == "int":
        return st.sampled_from([int(low), int(high)]) | st.integers(int(low), int(high))
    if parameter.shape:
        return st.just(parameter.default)
    return st.sampled_from([low, high, *near]) | st.floats(low, high)


def dated(each: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """A value, or a table of two dates."""
    return each | st.tuples(each, each).map(lambda two: {"2015-06": two[0], "2016-06": two[1]})


def policy(name: str) -> st.SearchStrategy[dict[str, Any]]:
    """An entry of a policy of any kind, with clocks, and purses of their own or in common."""
    common = {
        "in_burn_in": st.booleans(),
        "start": st.sampled_from(["none", *DATES]),
        "end": st.sampled_from(["none", "none", *DATES]),
        "fund": st.sampled_from(["", "common", "common"]),
        "budget": dated(st.sampled_from(["none", 0.0, 0.05, 30.0, 400.0, 1e6])),
        "priority": st.sampled_from([-1, 0, 0, 1]),
        "administration": st.sampled_from([0.0, 0.013, 0.06, 1.0]),
        "expiry": st.sampled_from(["none", "none", 0, 1, 7]),
        "grace": st.sampled_from([0, 0, 1, 5]),
        "taper": st.sampled_from([0, 0, 1, 4]),
    }
    kinds = {
        "uniform_cash": {"level": dated(st.sampled_from([0.0, 0.01, 1_500.0, 20_000.0]))},
        "targeted_transfer": {"level": dated(st.sampled_from([0.0, 0.01, 2_000.0, 20_000.0]))},
        "dibao": {
            "level": dated(st.sampled_from([0.0, 0.65, 5.0])), "tied": dated(st.sampled_from([0.0, 2_000.0, 4_000.0]))
        },
    }  # fmt: skip
    for use, cls in BUILT_IN.policies.items():
        if use not in kinds:
            own = {key: p for key, p in parameters_of(cls).items() if key not in common}
            kinds[use] = {key: dated(values(p)) if p.dated else values(p) for key, p in own.items()}
    fixed = {"name": st.just(name)}
    return st.one_of(
        *(
            st.fixed_dictionaries({**fixed, "use": st.just(use)}, optional={**common, **own})
            for use, own in kinds.items()
        )
    )


def drought() -> st.SearchStrategy[dict[str, Any]]:
    """An entry of a drought, perhaps in counties that are not there."""
    return st.fixed_dictionaries(
        {
            "use": st.just("drought"),
            "at": st.lists(st.sampled_from(DATES), max_size=2, unique=True),
            "counties": st.lists(st.integers(0, 4), max_size=2, unique=True),
            "months": st.integers(1, 14),
            "loss": st.sampled_from([0.0, 0.35, 1.0]),
        }
    )
