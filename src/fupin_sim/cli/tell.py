"""The tables of `show` as text that fits the terminal."""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Sequence
from pathlib import Path

from fupin_sim import show
from fupin_sim.claims import CLAIMS, Claim, parameters_by_claim
from fupin_sim.errors import BadInput, nearest
from fupin_sim.model import spec_of

WIDEST = 120


def order(name: str | None) -> str:
    """`show order`."""
    scenario = None if name is None else spec_of(name)
    lines = [] if scenario is None else [scenario.title or str(name), ""]
    for stroke in show.month_of(scenario):
        lines += _wrapped(f"{stroke.verb:<9}{stroke.doc}", later=" " * 9)
        for group, part, what in stroke.parts:
            label = part if group == "process" else f"{group} {part}"
            lines += _indented(f"{label}: {what}" if what else label, 11)
    if scenario is None:
        lines += ["", *_wrapped("Policies and shocks: name a scenario to see its own, such as: show order baseline")]
    return "\n".join(lines)


def parameters(pattern: str | None, csv: bool) -> str:
    """`show parameters`."""
    rows = show.parameters(pattern or "")
    if csv:
        return show.as_csv(rows).removesuffix("\n")
    return "\n".join(line for row in rows for line in _parameter(row))


def policies() -> str:
    """`show policies`."""
    told = show.policies()
    _, everywhere = told.pop("")
    lines = []
    for name, (what, options) in told.items():
        lines += [name, *_indented(what, 2), *(line for row in options for line in _parameter(row, 4)), ""]
    lines += ["every policy", *(line for row in everywhere for line in _parameter(row, 4)), ""]
    return "\n".join([*lines, *_wrapped("One of your own: fupin-sim new policy NAME")])


def scenario(name: str, sets: Sequence[str]) -> str:
    """`show scenario`: a file that, saved in this folder, says the same."""
    return spec_of(name, sets).to_toml(Path.cwd()).rstrip("\n")


def claims(wanted: str | None) -> str:
    """`show claims`: all of them, or one."""
    found = [claim for claim in CLAIMS if wanted is None or claim.id == wanted.upper()]
    if not found:
        ids = [claim.id for claim in CLAIMS]
        told = f'no claim called "{wanted}".{nearest(str(wanted).upper(), ids)}  They are {ids[0]} to {ids[-1]}'
        raise BadInput(told, "fupin-sim show claims")
    moved = parameters_by_claim()
    return "\n\n".join("\n".join(claim_lines(claim, moved[claim.id] if wanted else [])) for claim in found)


def claim_lines(claim: Claim, parameters: Sequence[str]) -> list[str]:
    """A claim, its mechanism, its switch and where both are tested; its parameters, if they are wanted."""
    lines = [*_indented(f"{claim.id}  {claim.words}", 0), *_indented(claim.mechanism, 5)]
    for path, value in claim.off.items():
        lines += _indented(f"off: {path} = {show.value_told(value)}", 5)
    for what, nodes in (("shown by", claim.shown), ("gone without trace", claim.gone)):
        for node in nodes or ("not yet tested",):
            lines += _indented(f"{what}: {node}", 5)
    for path in parameters:
        lines += _indented(f"parameter: {path}", 5)
    return lines


def diff(a: str, b: str) -> str:
    """`show diff`."""
    rows = show.compared(spec_of(a), spec_of(b))
    if not rows:
        return f"{a} and {b} say the same."
    lines = []
    for path, left, right in rows:
        lines += [path, *_indented(f"{a}: {left}", 2), *_indented(f"{b}: {right}", 2)]
    return "\n".join(lines)


def _parameter(row: show.Row, indent: int = 0) -> list[str]:
    """Path, default and unit; below, what it is and how it is known."""
    plausible = f"plausible {row.range}" if row.range else ""
    known = ", ".join(filter(None, [row.mark, row.claim, row.source]))
    head = f"{row.path} = {row.default}" + (f"  # {row.unit}" if row.unit else "")
    return [*_indented(head, indent), *_indented("; ".join(filter(None, [row.doc, plausible, known])), indent + 4)]


def _indented(text: str, by: int) -> list[str]:
    return _wrapped(text, " " * by, " " * (by + 2))


def _wrapped(text: str, first: str = "", later: str = "") -> list[str]:
    width = min(shutil.get_terminal_size().columns, WIDEST)
    return textwrap.wrap(
        text, width, initial_indent=first, subsequent_indent=later, break_long_words=False, break_on_hyphens=False
    )
