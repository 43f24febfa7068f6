"""The validation page in Markdown: what was found, hit or miss, and how it was found."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from fupin_sim.calibrate import STEPS
from fupin_sim.intervals import student
from fupin_sim.patterns import BAR, PATTERNS, Part, Pattern
from fupin_sim.targets import TARGETS, Target, judged, targets_of
from fupin_sim.validation import counts, ruin
from fupin_sim.validation.identification import CONTESTED, HEADLINES, NOT_KNOWN, marks
from fupin_sim.validation.thresholds import TOLERANCE, agrees
from fupin_sim.validation.work import EVERYTHING, OF_PARAMETERS, Findings

INTRODUCTION = """\
# Validation

`fupin-sim validate` writes this page and its figures; do not edit them. A miss stands here as a miss: no parameter was
changed, no tolerance widened and no definition bent after it was seen.
"""
MOST_SWINGS = 15
MOMENTS = ("moment", "target", "simulated", "interval", "verdict", "unit", "source")


def page(found: Findings, figures: str = "figures") -> str:
    """The whole page. figures: the folder of the figures, as seen from the page."""
    sections = (
        summary(found), ruin_section(found), threshold_section(found, figures), closed_section(found),
        vanishing_section(found), same_mean_section(found), target_section(found, figures),
        everything_section(found), pattern_section(found, figures), pattern_details(found),
        count_section(found, figures), identified_section(found, figures), unknown_section(), swing_section(found),
        contested_section(found),
    )  # fmt: skip
    return "\n".join(_wrapped(line) for line in "\n".join([INTRODUCTION, *sections]).split("\n"))


def _wrapped(line: str) -> str:
    """A line of prose in lines that fit; tables, headings and figures as they are."""
    if line.startswith(("|", "#", "!")):
        return line
    indent = "  " if line.startswith("- ") else ""
    return textwrap.fill(line, 120, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)


def summary(found: Findings) -> str:
    """How many of what are hit."""
    held = [pattern.hit(_means(found, pattern)) for pattern in PATTERNS]
    moments = judged(found.over_seeds("target", ""))["verdict"] == "hit"
    exact = [*_ruin_hits(found), *(agrees(e, k) for _, _, e, k in found.thresholds),
             *(known.hit for known in found.closed_forms), *(check.hit for check in found.vanishing),
             _no_trend(found)[2], _same_mean(found)[2] <= 0.01]  # fmt: skip
    passed = sum(held) >= BAR
    verdict = "The bar is met." if passed else "The bar is missed."
    rows = [
        ("exact checks", f"{sum(exact)} of {len(exact)}", "all"),
        ("calibration targets", f"{sum(moments)} of {len(moments)}", "fitted, so no test of the model"),
        ("patterns held out of calibration", f"{sum(held)} of {len(held)}", f"at least {BAR}"),
    ]
    said = (
        "" if passed else
        "\nSo the model does not reproduce enough of what it was not fitted to. Levels that rest on a missed pattern "
        "must not be read as forecasts; differences between policies lived by the same households are less exposed, "
        "not immune.\n"
    )  # fmt: skip
    return (
        f"{_table(['what', 'hit', 'asked for'], rows)}\n\n{len(found.plan.seeds)} replicates of the default population "
        f"unless something else is said; intervals are 95 % Student intervals over replicates. {verdict}\n{said}"
    )


# ---- exact checks


def _ruin_hits(found: Findings) -> list[bool]:
    paths = found.plan.paths
    return [abs(_ruined(found, case) - ruin.expected(*case)) <= ruin.allowed(case, paths) for case in ruin.CASES]


def _ruined(found: Findings, case: ruin.Case) -> float:
    return float(found.found["ruin", *map(str, case)])


def ruin_section(found: Findings) -> str:
    """The probability ever to fall below a threshold."""
    rows = [
        (*(f"{number:g}" for number in case), f"{ruin.expected(*case):.5f}", f"{_ruined(found, case):.5f}",
         f"{ruin.allowed(case, found.plan.paths):.5f}", _verdict(hit))
        for case, hit in zip(ruin.CASES, _ruin_hits(found), strict=True)
    ]  # fmt: skip
    return (
        "## Exact: the probability of falling into the trap\n\nCapital grows by r(X − x*) a year and suffers λ "
        "losses a "
        "year of mean 1/α; the probability ever to fall below x* is Q(λ/r, α(x − x*)) (Kovacevic & Pflug 2011). Lived "
        f"by the loop of the month with plugins for technology, consumption and loss, {found.plan.paths:,} paths; two "
        "standard errors are allowed. The last three cases are not in the list the check was built to. Also: "
        "tests/closed_forms/test_ruin.py.\n\n"
        + _table(["r", "λ", "α", "x − x*", "closed form", "found", "allowed ±", "verdict"], rows) + "\n"
    )  # fmt: skip


def threshold_section(found: Findings, figures: str) -> str:
    """The thresholds of the dynamic programme."""
    rows = [
        (case, f"{ability:.2f}", _threshold(expected), _threshold(solved), _verdict(agrees(expected, solved)))
        for case, ability, expected, solved in found.thresholds
    ]
    return (
        "## Exact: the threshold of the optimal household\n\nCapital from which it pays to aim high: published by "
        f"Ikegami, Carter, Barrett & Janzen (2016), ± {TOLERANCE}, and as solved. That the household core has two "
        "stable states with the threshold between them in the trap setting, and one without a trap: "
        "tests/closed_forms/test_optimal_mode.py, test_trap.py.\n\n"
        + _table(["case", "ability", "published", "solved", "verdict"], rows)
        + f"\n\n![Threshold by ability]({figures}/validation_thresholds.png)\n"
    )  # fmt: skip


def closed_section(found: Findings) -> str:
    """Measures of populations with a known answer."""
    rows = [
        (known.words, f"{known.expected:.5f}", f"{known.found:.5f}", f"{known.within:.5f}", _verdict(known.hit))
        for known in found.closed_forms
    ]
    return (
        "## Exact: closed forms\n\nMore of them: tests/closed_forms; against R, lifelines and mpitb: "
        "tests/reference.\n\n"
        + _table(["what", "exact", "found", "allowed ±", "verdict"], rows) + "\n"
    )  # fmt: skip


def vanishing_section(found: Findings) -> str:
    """What may change nothing, and what may not drift."""
    rows = [
        (check.words, f"{len(check.differing)} of {check.columns} columns differ", _verdict(check.hit), check.tests)
        for check in found.vanishing
    ]
    low, high, hit = _no_trend(found)
    rows.append(
        ("no policy, no growth, 25 years: slope of the headcount", f"{100 * low:+.3f} to {100 * high:+.3f} points "
        f"a year",
         f"{_verdict(hit)} (0 inside)", "tests/closed_forms/test_no_trend.py")
    )  # fmt: skip
    return (
        "## Exact: what must change nothing\n\nTwo runs each, lived now, every household in every month compared "
        "bit for "
        "bit; one of each kind stands here, the tests do the rest.\n\n"
        + _table(["what", "found", "verdict", "the rest"], rows) + "\n"
    )  # fmt: skip


def _no_trend(found: Findings) -> tuple[float, float, bool]:
    over = student(found.over_seeds("slope"))
    return float(over.low), float(over.high), bool(over.low <= 0 <= over.high)


def _same_mean(found: Findings) -> tuple[float, float, float]:
    trap, no_trap = (float(np.mean(found.over_seeds("business", each))) for each in ("trap", "no_trap"))
    return trap, no_trap, abs(no_trap / trap - 1)


def same_mean_section(found: Findings) -> str:
    """The two technologies have one mean income."""
    trap, no_trap, apart = _same_mean(found)
    return (
        "## Exact: one mean income, two technologies\n\n"
        f"Business income per person and year over the baseline: {trap:,.0f} yuan with the trap, {no_trap:,.0f} "
        f"without, "
        f"{apart:.2%} apart ({_verdict(apart <= 0.01)}: at most 1 %). Otherwise level and shape would be confounded.\n"
    )


# ---- targets and patterns


def target_section(found: Findings, figures: str) -> str:
    """What the parameters were fitted to."""
    moments = _moments(found.over_seeds("target", ""))
    names = ", ".join(f"`{path}`" for path in STEPS)
    return (
        f"## Targets of the baseline\n\n{_hits(moments)} of {len(moments)} are hit. The monitored stock of the design "
        "is fitted in the scenarios that have monitoring, and is no target of the baseline.\n\n"
        + _table(MOMENTS, moments)
        + f"\n\n![Distance from each target]({figures}/validation_targets.png)\n\n"
        f"They were fitted by `python -m fupin_sim.calibrate`, which moves {names} within their plausible ranges and "
        "shares luck between all runs. It was fitted on other seeds than those of the table.\n"
    )


def everything_section(found: Findings) -> str:
    """The same moments where every institution acts, with the parameters of the baseline and fitted again."""
    as_it_is, fitted = EVERYTHING
    before, after = (_moments(found.over_seeds("target of", one), targets_of(one)) for one in EVERYTHING)
    return (
        f"## The same moments with every institution in place\n\n{_hits(before)} of {len(before)} are hit in the "
        f"scenario `{as_it_is}`: a register that errs, teams, village organisations, industry support, monitoring "
        "and assessment together. Only the capacity of monitoring was fitted with institutions on; all other "
        "parameters are those of the baseline, so that the two differ in institutions only.\n\n"
        + _table(MOMENTS, before)
        + f"\n\n{_hits(after)} of {len(after)} are hit in `{fitted}`, the same world with the parameters that were "
        f"fitted to the baseline, and the capacity of monitoring, fitted again in it by `python -m fupin_sim.calibrate "
        f"{as_it_is}`, on other seeds than those of the table.\n\n" + _table(MOMENTS, after) + "\n"
    )


def _moments(found: Sequence[Mapping[str, float]], targets: Sequence[Target] = TARGETS) -> list[tuple[str, ...]]:
    return [
        (
            str(row.moment), f"{_number(row.target)} ± {_number(row.tolerance)}", _number(row.simulated),
            f"{_number(row.low)} to {_number(row.high)}", str(row.verdict), str(row.unit), str(row.source),
        )
        for row in judged(found, targets).itertuples()
    ]  # fmt: skip


def _hits(moments: Sequence[tuple[str, ...]]) -> int:
    return sum(row[4] == "hit" for row in moments)


def pattern_section(found: Findings, figures: str) -> str:
    """The patterns in one table."""
    rows = []
    for pattern in PATTERNS:
        numbers, verdict = found.of_pattern(pattern), _verdict(pattern.hit(_means(found, pattern)))
        for nth, part in enumerate(pattern.parts):
            first = (pattern.key, pattern.name, pattern.observed) if nth == 0 else ("", "", "")
            rows.append(
                (*first, part.words, _range(part), _interval(numbers[part.value], part.percent),
                 f"**{verdict}**" if nth == 0 else "")
            )  # fmt: skip
    hits = sum(pattern.hit(_means(found, pattern)) for pattern in PATTERNS)
    return (
        f"## Patterns held out of calibration\n\n**{hits} of {len(PATTERNS)} are hit; at least {BAR} were asked for.** "
        "None was ever used to fit anything. A pattern is hit when the mean over replicates of each of its numbers "
        "lies "
        "in the range, which was fixed before the first run. Settings follow one principle, fixed before as well: what "
        "was observed before the campaign, or elsewhere, is held against a world without it.\n\n"
        + _table(["", "pattern", "observed", "number", "hit if", "found", "verdict"], rows)
        + f"\n\n![Patterns]({figures}/validation_patterns.png)\n\n"
        f"![Hazards by duration]({figures}/validation_hazards.png)\n"
    )


def pattern_details(found: Findings) -> str:
    """Where each pattern comes from, how it was computed, and what else was seen."""
    told = ["### How each was computed\n"]
    for pattern in PATTERNS:
        numbers = found.of_pattern(pattern)
        also = "; ".join(
            f"{words} {_interval(numbers[name], _in_percent(name))}" for name, words in pattern.also.items()
        )
        told.append(
            f"- **{pattern.key}, {pattern.name}.** Source: {pattern.source}. World: {pattern.setting}. How: "
            f"{pattern.how}. "
            f"Without a verdict: {also or 'nothing'}.\n"
        )
    return "\n".join(told)


def _in_percent(name: str) -> bool:
    """Whether a number without a verdict is a share; ratios and yuan are not."""
    return not ("over" in name or "yuan" in name)


def _means(found: Findings, pattern: Pattern) -> dict[str, float]:
    return {name: float(student(values).mean) for name, values in found.of_pattern(pattern).items()}


def _range(part: Part) -> str:
    scale, sign = (100.0, " %") if part.percent else (1.0, "")
    low, high = (f"{end * scale:.3g}".replace("-", "−") for end in (part.low, part.high))
    if np.isinf(part.high):
        return f"{'above' if part.strict else 'at least'} {low}{sign}"
    if np.isinf(part.low):
        return f"{'below' if part.strict else 'at most'} {high}{sign}"
    return f"{low} to {high}{sign}"


def _interval(values: Sequence[float], percent: bool) -> str:
    over, scale = student(values), 100.0 if percent else 1.0
    if over.n == 0:
        return "none: nobody to count"
    ends = (float(end) * scale for end in (over.mean, over.low, over.high))
    mean, low, high = (f"{end:.3g}".replace("-", "−") for end in ends)
    missing = f", missing in {int(over.missing)}" if over.missing else ""
    return f"{mean}{' %' if percent else ''} ({low} to {high}{missing})"


# ---- reported without pass or fail


def count_section(found: Findings, figures: str) -> str:
    """Poverty over the campaign, and return by the registers."""
    each = {arm: np.array([list(one.values()) for one in found.over_seeds("count", arm)]) for arm in counts.ARMS}
    rows = []
    for nth, (year, official) in enumerate(zip(counts.YEARS, counts.POOR, strict=True)):
        relative = (f"{100 * float(np.mean(each[arm][:, nth] / each[arm][:, 0])):.0f}" for arm in counts.ARMS)
        rows.append((str(year), f"{official:,.0f}", f"{100 * official / counts.POOR[0]:.0f}", *relative))
    start = ", ".join(f"{arm} {100 * float(each[arm][:, 0].mean()):.1f} %" for arm in counts.ARMS)
    baseline = found.over_seeds("contested", next(iter(CONTESTED)))
    returned = [
        (str(year), f"{number:g}" if (number := counts.RETURNS.get(year)) is not None else "",
         *(_interval([one[f"{kind} {year}"] for one in baseline], True) for kind in ("return", "return net of policy")))
        for year in range(2017, 2021)
    ]  # fmt: skip
    return (
        "## Reported without pass or fail: the years of the campaign\n\nRural poor at the end of the year; the model's "
        "as a share of its own poor of 2012, on the line of the baseline. *Policy* is the targeted transfers, which "
        "begin in 2014; universal transfers and dibao are there throughout. What grows is taken back to 2012 at "
        "its own "
        f"rate. Headcounts of 2012: {start}. The official counts are of all of rural China, the model is one of poor "
        "areas; falls are measured, the levels of 2013–15 unverified.\n\n"
        + _table(["year", "official, ten thousand", "official, % of 2012", *(f"{a}, %" for a in counts.ARMS)], rows)
        + f"\n\n![Poor over time]({figures}/validation_poor.png)\n\n"
        "Returns by the registers are counts of officials with policy income, under strong incentives (and as "
        "cited here "
        "unverified); the model's are yearly shares of exited households in the baseline, by true income.\n\n"
        + _table(["year", "official returns, ten thousand persons", "model, return", "model, net of policy income"],
                 returned) + "\n"
    )  # fmt: skip


# ---- what is not identified


def identified_section(found: Findings, figures: str) -> str:
    """What the targets say about the parameters that were fitted to them."""
    jacobian = found.jacobian()
    values = ", ".join(f"{value:.1f}" for value in jacobian.singular)
    silent = ", ".join(f"`{path}`" for path in jacobian.silent()) or "none"
    order = np.argsort(-jacobian.narrowed, kind="stable")
    narrowed = ", ".join(f"`{jacobian.levers[i]}` {100 * jacobian.narrowed[i]:.0f} %" for i in order)
    targets, moving = jacobian.slopes.shape
    return (
        "## What no evidence used here settles\n\n### Parameters that were fitted\n\n"
        f"{moving} parameters were moved to meet {targets} targets, so at least {moving - targets} combinations of "
        f"them "
        "are free whatever the targets say. How the targets move with each, by a small step in all replicates with the "
        "same luck, scaled up to the plausible range and in tolerances, has the singular values "
        f"{values}: condition number {jacobian.condition:.0f}, and {jacobian.rank} of {moving} combinations move the "
        "targets by more than a tolerance and more than the noise of the slopes. By how much the targets together "
        "narrow "
        f"what is believed of each alone (linear, normal, a plausible range being four standard deviations): "
        f"{narrowed}. "
        f"Moving no target by half a tolerance over the whole range: {silent}.\n\n"
        f"![Slopes of the targets]({figures}/validation_identification.png)\n"
    )


def unknown_section() -> str:
    """Parameters by claim and mark."""
    found = marks()
    known = ("measured", "second-hand", "fitted")
    claims = sorted({claim for claim, _ in found})
    rows = [
        (claim, *(str(found.get((claim, mark), 0) or "") for mark in (*NOT_KNOWN, *known)))
        for claim in claims
        if any((claim, mark) in found for mark in NOT_KNOWN)
    ]
    total = {mark: sum(n for (_, its), n in found.items() if its == mark) for mark in (*NOT_KNOWN, *known)}
    rows.append(("all", *(str(total[mark]) for mark in (*NOT_KNOWN, *known))))
    return (
        f"### Parameters that nothing was fitted to\n\nOf the {sum(total.values())} parameters that are no choice "
        f"of the "
        f"user's, {total['assumed']} are assumed and {total['unverified']} unverified. By the claim they belong to "
        "(`fupin-sim show claims`); `fupin-sim show parameters` lists them one by one.\n\n"
        + _table(["claim", *NOT_KNOWN, *known], rows) + "\n"
    )  # fmt: skip


def swing_section(found: Findings) -> str:
    """How far the headline moves with each parameter that is not known."""
    swings = found.swings()
    idle = sum(each["idle"] == 1.0 for each in swings.values())
    order = sorted(swings, key=lambda path: -abs(swings[path]["return_rate"]))
    rows = [
        (f"`{path}`", declared(path), *(f"{100 * swings[path][name]:+.2f}".replace("-", "−") for name in HEADLINES))
        for path in order[:MOST_SWINGS]
    ]
    number = min(OF_PARAMETERS, len(found.plan.seeds))
    rate = float(np.mean([one["return_rate"] for one in found.over_seeds("contested", next(iter(CONTESTED)))]))
    return (
        "### How far the headline hangs on them\n\nEach assumed or unverified parameter of the baseline from the "
        "low to "
        f"the high end of its plausible range, others as they stand, {number} replicates with the same luck: change of "
        f"the yearly return of 2017–20 (which is {100 * rate:.2f} %) and of the headcount of 2020, in points. Of "
        f"{len(swings)}, {idle} do nothing at all in a baseline of 160 households, most of them of institutions "
        f"that it does not have. The {len(rows)} with the largest effect on return:\n\n"
        + _table(["parameter", "mark", "return, points", "headcount 2020, points"], rows) + "\n"
    )  # fmt: skip


def declared(path: str) -> str:
    """The evidence mark of a parameter of the baseline."""
    from fupin_sim.model import spec_of

    return str(spec_of("baseline").parameters()[path].mark)


def contested_section(found: Findings) -> str:
    """The headline under the settings that are contested."""
    rows = []
    for name in CONTESTED:
        each = found.over_seeds("contested", name)
        rows.append((name, *(_interval([one[headline] for one in each], True) for headline in HEADLINES)))
    return (
        "### Contested settings\n\nStudies for China conflict on whether there is a poverty trap and on how much "
        "relief "
        "discourages work; how growth divides between wages, farms and transfers is assumed, and with it what is "
        "credited "
        "to policy. So every headline belongs under each of these; `experiments/contested.toml` is the study.\n\n"
        + _table(["setting of the baseline", "yearly return 2017–20", "headcount 2020"], rows) + "\n"
    )  # fmt: skip


def _number(found: Any) -> str:
    value = float(found)
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def _verdict(good: bool) -> str:
    return "hit" if good else "miss"


def _threshold(k: float) -> str:
    return "never" if np.isinf(k) else "always" if k == 0 else f"{k:.2f}"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join([*lines, *("| " + " | ".join(row) + " |" for row in rows)])
