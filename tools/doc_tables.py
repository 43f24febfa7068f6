"""The tables of the documentation that are made from what the code declares."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from fupin_sim.agents import Cadre, County, Household, Team, VillageOrganization
from fupin_sim.catalogue import BUILT_IN
from fupin_sim.claims import CLAIMS
from fupin_sim.columns.column import columns_of
from fupin_sim.ledger import FLOWS
from fupin_sim.month import MONTH
from fupin_sim.parameter import Parameter, parameters_of
from fupin_sim.policies.instrument import Instrument
from fupin_sim.rates import RATES
from fupin_sim.replicates import meanings_of, units_of
from fupin_sim.scenario import load
from fupin_sim.scenario.settings import Classes
from fupin_sim.shipped import folder
from fupin_sim.show import first_line, value_told

AGENTS = {
    "household": Household, "village": VillageOrganization, "county": County, "cadre": Cadre, "team": Team,
}  # fmt: skip
CLASSES = Classes.of(BUILT_IN)
GROUPS = {
    "": CLASSES.sections, "process.": CLASSES.processes, "policy.": CLASSES.policies, "shock.": CLASSES.shocks,
}  # fmt: skip
PURSE = {1: "in", -1: "out", 0: "–"}


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table.

    >>> print(table(["a", "b"], [["1", "x|y"]]))
    | a | b |
    |---|---|
    | 1 | x\\|y |
    """
    lines = [head, ["---"] * len(head), *([cell.replace("|", "\\|") for cell in row] for row in rows)]
    return (
        "\n".join("| " + " | ".join(line) + " |" for line in lines)
        .replace("| --- |", "|---|")
        .replace(" --- |", "---|")
    )


def month() -> str:
    """The verbs of the month with their processes, in order."""
    rows = [(verb.name, verb.doc, ", ".join(f"`{name}`" for name in verb.processes) or "–") for verb in MONTH]
    return table(["verb", "what happens", "processes, in this order"], rows)


def columns(agent: str) -> str:
    """The state variables of a kind of agent."""
    rows = [(f"`{name}`", c.unit, str(c.dtype), c.doc) for name, c in columns_of(AGENTS[agent]).items()]
    return table(["name", "unit", "type", "what it is"], rows)


def classes() -> dict[str, type]:
    """Everything that has parameters, by the path a scenario file uses."""
    return {f"{group}{name}": cls for group, known in GROUPS.items() for name, cls in known.items()}


def declared(path: str) -> dict[str, Parameter]:
    """The parameters behind the path of a section, process, policy or shock; "instrument" is every built-in policy."""
    return parameters_of(Instrument if path == "instrument" else classes()[path])


def own(path: str) -> dict[str, Parameter]:
    """The same without what every built-in policy has."""
    common = parameters_of(Instrument) if path.startswith("policy.") else {}
    return {name: p for name, p in declared(path).items() if common.get(name) is not p}


def parameters(path: str) -> str:
    """The parameters of a submodel in short: all else about them stands in docs/parameters.md."""
    rows = [(f"`{name}`", value_told(p.default), p.unit or "–", p.mark) for name, p in own(path).items()]
    return table([f"{path}.", "value", "unit", "mark"], rows)


def all_parameters() -> str:
    """Every parameter, by what it belongs to."""
    parts = [(path, first_line(cls), own(path)) for path, cls in classes().items()]
    parts.append(("policy.NAME", "What every built-in policy has beside its own.", declared("instrument")))
    lines: list[str] = []
    for path, doc, mine in parts:
        if mine:
            lines += [f"## {path}", "", doc, "", full(mine), ""]
    return "\n".join(lines).rstrip("\n")


def full(mine: dict[str, Parameter]) -> str:
    """All that is declared of some parameters."""
    head = ["name", "default", "unit", "plausible", "allowed", "mark", "claim", "what it is; source"]
    return table(head, [_full(name, p) for name, p in mine.items()])


def _full(name: str, p: Parameter) -> list[str]:
    allowed = ", ".join(map(str, p.choices)) if p.choices else _span(p.limits)
    said = "; ".join(filter(None, [p.doc, f"source: {p.source}" if p.source else ""]))
    dated = " (may be dated)" if p.dated else ""
    return [f"`{name}`", value_told(p.default), p.unit, _span(p.range), allowed, p.mark, p.claim or "", said + dated]


def _span(ends: tuple[Any, Any] | None) -> str:
    if ends is None:
        return ""
    low, high = (None if end is None else f"{end:,.12g}" for end in ends)
    return f"{low} to {high}" if low and high else f"from {low}" if low else f"to {high}"


def claims() -> str:
    """What the literature claims, what it is here, and where it is switched off."""
    rows = [
        (
            claim.id,
            claim.words,
            claim.mechanism,
            "; ".join(f"`{path} = {value_told(v)}`" for path, v in claim.off.items()),
        )
        for claim in CLAIMS
    ]
    return table(["claim", "what it says", "what it is in the model", "switched off by"], rows)


def rates() -> str:
    """What shocks and policies may adjust."""
    return table(["rate", "a factor on the"], [(f"`{name}`", doc) for name, doc in RATES.items()])


def flows() -> str:
    """The payments of the ledger."""
    rows = []
    for name, flow in FLOWS.items():
        debt = f"{'+' if flow.debt_sign > 0 else '−'} {flow.debt}" if flow.debt else "–"
        rows.append((f"`{name}`", flow.account, PURSE[flow.direction], debt, flow.doc))
    return table(["flow", "other side", "purse", "debt", "what it is"], rows)


def measures() -> str:
    """What can be measured."""
    scenario = load({"measures": {"use": list(BUILT_IN.measures)}}, BUILT_IN)
    units, meanings = units_of(scenario), meanings_of(scenario)
    rows = [
        (
            f"[`{name}`](#{name})" + ("" if cls.by_default else " *"),
            cls.every,
            units[name],
            cls.better or "–",
            meanings[name],
        )
        for name, cls in BUILT_IN.measures.items()
    ]
    return table(["measure", "taken every", "unit", "better", "in one sentence"], rows)


def scenarios(names: str, wanted: str) -> str:
    """Headlines of shipped scenarios, from the expected results beside them: mean and 95 % interval."""
    found = {name: _expected(name) for name in names.split(",")}
    units = {row["measure"]: row["unit"] for rows in found.values() for row in rows.values()}
    head = ["scenario", *(f"`{measure}`<br>{units[measure]}" for measure in wanted.split(","))]
    rows = [[name, *(_interval(rows[measure]) for measure in wanted.split(","))] for name, rows in found.items()]
    return table(head, rows)


def _expected(name: str) -> dict[str, dict[str, str]]:
    with (folder() / f"{name}.expected.csv").open(encoding="utf-8", newline="") as file:
        return {row["measure"]: row for row in csv.DictReader(file)}


def _interval(row: dict[str, str]) -> str:
    low, mean, high = (float(row[key]) for key in ("low", "mean", "high"))
    return f"{number(mean)} ({number(low)} to {number(high)})" if high > low else number(mean)


def number(value: float) -> str:
    """A value to three digits, thousands with a comma.

    >>> number(0.0240312), number(2017.3), number(0.0)
    ('0.024', '2,017', '0')
    """
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def targets() -> str:
    """The calibration table; lives eight runs, which takes seconds."""
    from fupin_sim.targets import compare

    rows = []
    for row in compare().to_dict("records"):
        target = f"{number(row['target'])} ± {number(row['tolerance'])}"
        simulated = f"{number(row['simulated'])} ({number(row['low'])} to {number(row['high'])})"
        rows.append((row["moment"], row["unit"], target, simulated, row["verdict"], row["source"]))
    return table(["moment", "unit", "target ± tolerance", "simulated (95 % interval)", "verdict", "source"], rows)


def employment(found: Any = None) -> str:
    """What dependence takes from the labour of those on relief; lives 48 runs, which takes a minute or two.

    found: the effects, where they are at hand already.
    """
    from fupin_sim.employment import compare

    frame = compare() if found is None else found
    effects = {(row["exposure"], row["strength"], row["effect"]): row for row in frame.to_dict("records")}
    settings = [(exposure, strength) for exposure, strength, effect in effects if effect == "labour" and strength > 0]
    head = ["exposure", "strength λ", "households on relief", *EFFECTS_TOLD.values()]
    rows = [
        (
            exposure, f"{strength:g}", f"{100 * effects[exposure, strength, 'on_relief']['mean']:.1f} %",
            *(_percent(effects[exposure, strength, effect]) for effect in EFFECTS_TOLD),
        )
        for exposure, strength in settings
    ]  # fmt: skip
    return table(head, rows)


EFFECTS_TOLD = {
    "labour": "labour supplied", "labour_where_large": "the same where relief is large",
    "labour_at_home": "labour at home", "jobs_away": "jobs away", "earnings": "earnings",
    "relief_paid": "relief paid", "poor": "headcount, points",
}  # fmt: skip


def _percent(row: Any) -> str:
    low, mean, high = (100 * float(row[key]) for key in ("low", "mean", "high"))
    return (
        f"{mean:.1f} % ({low:.1f} to {high:.1f})"
        if row["effect"] != "poor"
        else f"{mean:.2f} ({low:.2f} to {high:.2f})"
    )


def survey_moments() -> str:
    """Rural Vietnam beside the population that starts from it; lives two years of it, which takes seconds."""
    from fupin_sim.figures.population import distributions, moments_table
    from fupin_sim.model import spec_of
    from fupin_sim.population import line_at_start
    from fupin_sim.surveys import vietnam

    with tempfile.TemporaryDirectory() as data:
        survey, mapping = vietnam.write(data)
        spec = spec_of("vietnam", {"population.survey": str(survey), "population.mapping": str(mapping)})
        return moments_table(distributions(spec), line_at_start(spec))


TABLES: dict[str, Callable[..., str]] = {
    "month": month, "columns": columns, "parameters": parameters, "all-parameters": all_parameters, "rates": rates,
    "flows": flows, "measures": measures, "claims": claims, "scenarios": scenarios, "targets": targets,
    "employment": employment,
    "survey-moments": survey_moments,
}  # fmt: skip
SLOW = frozenset({"targets", "employment", "survey-moments"})
