"""The documentation holds: its Python runs and prints what it says, its TOML parses, its links lead somewhere.

A Python block that needs the reader's own files opens with "```python not-run".
"""

from __future__ import annotations

import doctest
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])

FENCE = re.compile(r"^```(?P<language>[^\n]*)\n(?P<code>.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\((?!\w+:|#)(?P<target>[^)#\s]+)(?:#(?P<anchor>[^)\s]+))?\)")
FLAGS = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS


def blocks(page: str, language: str) -> list[tuple[int, str]]:
    """Line number and text of the blocks of a page in a language."""
    return [
        (page[: block.start("code")].count("\n") + 1, block["code"])
        for block in FENCE.finditer(page)
        if block["language"].strip() == language
    ]


def run_python(page: str, name: str) -> None:
    """Run the blocks of a page from top to bottom in one session; those with prompts must print what they say."""
    session: dict[str, Any] = {"__name__": "__main__"}
    for line, code in blocks(page, "python"):
        if ">>>" not in code:
            exec(compile("\n" * (line - 1) + code, name, "exec"), session)
            continue
        examples = doctest.DocTestParser().get_doctest(code, session, name, name, line - 1)
        said: list[str] = []
        failed, _ = doctest.DocTestRunner(optionflags=FLAGS).run(examples, out=said.append, clear_globs=False)
        assert not failed, "".join(said)
        session.update(examples.globs)


def headings(page: str) -> set[str]:
    """The anchors of a page's headings as a forge makes them."""
    titles = re.findall(r"^#+ (.+?)\s*$", FENCE.sub("", page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def dead_links(file: Path) -> list[str]:
    """Relative links of a page to a file or heading that is not there."""
    dead = []
    for link in LINK.finditer(FENCE.sub("", file.read_text(encoding="utf-8"))):
        target = file.parent / link["target"]
        anchor = link["anchor"]
        if not target.exists() or (anchor and anchor not in headings(target.read_text(encoding="utf-8"))):
            dead.append(link[0])
    return dead


@pytest.mark.parametrize("file", PAGES, ids=lambda file: str(file.relative_to(ROOT)))
def test_the_python_of_a_page_runs(file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    run_python(file.read_text(encoding="utf-8"), str(file.relative_to(ROOT)))


@pytest.mark.parametrize("file", PAGES, ids=lambda file: str(file.relative_to(ROOT)))
def test_the_toml_of_a_page_parses(file: Path) -> None:
    for _, text in blocks(file.read_text(encoding="utf-8"), "toml"):
        assert tomllib.loads(text)


@pytest.mark.parametrize("file", PAGES, ids=lambda file: str(file.relative_to(ROOT)))
def test_the_links_of_a_page_lead_somewhere(file: Path) -> None:
    assert dead_links(file) == []


def test_a_wrong_example_and_a_broken_block_are_caught() -> None:
    run_python("```python\nx = 2\n```\ntext\n```python\n>>> x + 1\n3\n```\n", "page")
    with pytest.raises(AssertionError, match="Expected"):
        run_python("```python\n>>> 1 + 1\n3\n```\n", "page")
    with pytest.raises(NameError):
        run_python("```python\nprint(nothing_of_this_name)\n```\n", "page")
    run_python("```python not-run\nprint(nothing_of_this_name)\n```\n", "page")


def test_a_dead_link_and_a_dead_anchor_are_caught(tmp_path: Path) -> None:
    (tmp_path / "b.md").write_text("# Two words\n", encoding="utf-8")
    page = tmp_path / "a.md"
    page.write_text("[a](b.md) [b](b.md#two-words) [c](c.md) [d](b.md#three)\n", encoding="utf-8")
    assert dead_links(page) == ["](c.md)", "](b.md#three)"]
