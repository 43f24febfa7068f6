"""The tables of the documentation are what the program says now; `python -m tools.write_docs` makes them so."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from fupin_sim.catalogue import BUILT_IN
from fupin_sim.parameter import parameters_of
from tools.doc_pages import MARK, filled, tables
from tools.doc_tables import AGENTS, classes, own
from tools.doc_tables import targets as calibration

DOCS = Path(__file__).parents[1] / "docs"
PAGES = sorted(DOCS.glob("*.md"))
NUMBER = re.compile(r"-?\d[\d,]*\.?\d*(?:e-?\d+)?")


def page(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def numbers(text: str) -> list[float]:
    return [float(number.replace(",", "")) for number in NUMBER.findall(text)]


@pytest.mark.parametrize("file", PAGES, ids=lambda file: file.name)
def test_the_tables_of_a_page_are_up_to_date(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert filled(text, slow=False) == text, "run: python -m tools.write_docs"


def test_the_calibration_table_is_what_the_targets_give_now() -> None:
    (shown,) = (found[0] for found in MARK.finditer(page("model.md")) if found["name"] == "targets")
    rows = shown.splitlines()[1:-1]
    found = calibration().splitlines()
    assert [NUMBER.sub("#", row) for row in rows] == [NUMBER.sub("#", row) for row in found]
    for row, now in zip(rows, found, strict=True):
        # On other processors than the promised ones a last bit may send a few households another way.
        assert numbers(row) == pytest.approx(numbers(now), rel=0.01, abs=0.001)


def test_the_words_about_the_calibration_fit_its_table() -> None:
    (shown,) = (found[0] for found in MARK.finditer(page("model.md")) if found["name"] == "targets")
    rows = [row.split(" | ") for row in shown.splitlines()[3:-1]]
    missed = ["| illness the largest part of the fall at entry 2017–20"]
    assert [row[0] for row in rows if row[4] == "miss"] == missed
    assert len(rows) == 8
    assert "fitted to eight moments" in page("model.md")
    assert "which one\nis missed" in page("model.md")
    readme = " ".join(page("../README.md").split())
    assert "fitted to eight moments of rural China and misses one of them" in readme
    assert "Of eight calibration targets the baseline misses one" in page("../CHANGELOG.md")


def test_a_stale_table_and_text_between_tables_are_told_apart() -> None:
    begin, end = "<!-- generated: rates -->\n", "<!-- end of generated -->\n"
    text = f"{begin}| old |\n{end}kept\n{begin}{end}"
    new = filled(text)
    assert "| old |" not in new
    assert "kept" in new
    assert new.count("| `illness` |") == 2
    assert filled(new) == new


# ---- nothing is left out


def test_the_model_page_has_the_parameters_of_everything_that_has_some_and_the_columns_of_every_agent() -> None:
    wanted = {f"parameters {path}" for path in classes() if own(path)} | {"parameters instrument"}
    wanted -= {f"parameters {path}" for path in ("scenario", "prices", "burn_in")}  # of the file, not of the model
    wanted |= {f"columns {agent}" for agent in AGENTS} | {"month", "rates", "flows", "targets"}
    assert wanted <= set(tables(page("model.md")))


def test_the_model_page_has_a_section_for_every_process() -> None:
    prose = MARK.sub(lambda found: f"`{found['arguments'].strip()}`", page("model.md"))
    without_parameters = {
        "enrolment": "register is opened",
        "aims": "### Aims",
        "bills": "### Bills",
        "clearing": "(`clearing`)",
    }
    without_parameters |= {name: f"`{name}`" for name in ("projects", "cooperative_fees", "usual_trade")}
    without_parameters |= {"spells": "### Bookkeeping and spells", "year_end": "becomes the last one"}
    for name in BUILT_IN.processes:
        assert without_parameters.get(name, f"`process.{name}`") in prose, name


def test_every_measure_has_its_definition() -> None:
    headings = re.findall(r"^### (.+)$", page("measures.md"), re.MULTILINE)
    assert set(BUILT_IN.measures) <= set(headings)
    assert len(headings) == len(set(headings))


def test_every_parameter_is_on_the_page_of_parameters() -> None:
    text = page("parameters.md")
    for path, cls in classes().items():
        section = text.partition(f"\n## {path}\n")[2].partition("\n## ")[0]
        common = text.partition("\n## policy.NAME\n")[2].partition("\n## ")[0] if path.startswith("policy.") else ""
        assert [name for name in parameters_of(cls) if f"| `{name}` |" not in section + common] == [], path


def test_every_claim_and_every_mark_that_is_used_is_explained() -> None:
    declared = [parameter for cls in classes().values() for parameter in parameters_of(cls).values()]
    for claim in {parameter.claim for parameter in declared if parameter.claim}:
        assert f"\n| {claim} | " in page("parameters.md"), claim
    for mark in {parameter.mark for parameter in declared}:
        assert f"\n| {mark} | " in page("model.md"), mark
