"""The pages that a reader follows with the program at hand: every command and example prints what the page says."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.doc_pages import BLOCK, Play
from tools.write_docs import desk

DOCS = Path(__file__).parents[1] / "docs"


@pytest.mark.parametrize("name", ["tutorial.md", "own_policy.md", "scenario_file.md", "measure.md"])
def test_a_page_prints_what_it_says(name: str, tmp_path: Path) -> None:
    play = Play(desk(tmp_path), plain=False)  # tests/test_docs.py runs plain Python
    play.page((DOCS / name).read_text(encoding="utf-8"))
    assert play.wrong == [], "run: python -m tools.write_docs"


def test_the_tutorial_goes_all_the_way(tmp_path: Path) -> None:
    """From a first run over figures, another policy, one setting, an own file and households to single lives."""
    text = (DOCS / "tutorial.md").read_text(encoding="utf-8")
    said = "".join(block["code"] for block in BLOCK.finditer(text))
    for wanted in ("run baseline", "survival_since_exit.png", "run cliff", "--set", "check short_taper.toml"):
        assert wanted in said
    for wanted in ("codebook.csv", "snapshot(", "resume(", '"luck"'):
        assert wanted in said


def played(page: str, folder: Path) -> list[str]:
    play = Play(folder)
    play.page(page)
    return play.wrong


def test_a_wrong_word_of_a_page_is_caught(tmp_path: Path) -> None:
    assert played("```console\n$ echo one two\none two\n```\n", tmp_path) == []
    assert played("```console\n$ echo one two\none ...\n```\n", tmp_path) == []
    assert len(played("```console\n$ echo one two\none three\n```\n", tmp_path)) == 1
    assert len(played("```python with-files\n>>> 1 + 1\n3\n```\n", tmp_path)) == 1
    with pytest.raises(AssertionError, match="No such command"):
        played("```console\n$ fupin-sim rum\n```\n", tmp_path)
    with pytest.raises(AssertionError, match="true"):
        played("```console exit 2\n$ true\n```\n", tmp_path)
    with pytest.raises(NameError):
        played("```python with-files\n>>> nothing_of_this_name\n```\n", tmp_path)


def test_a_page_is_written_as_it_should_be(tmp_path: Path) -> None:
    page = "\n".join(
        [
            "```toml", "# a.toml", "x = 1", "```", "```console", "$ cat a.toml", "old", "", "$ echo \\", "  b", "```",
            "```python", ">>> 1 + 1", "3", ">>> 2", "2", "```", "",
        ]
    )  # fmt: skip
    new = Play(tmp_path).page(page)
    assert new == page.replace("old\n", "# a.toml\nx = 1\n").replace("  b\n", "  b\nb\n").replace("\n3\n", "\n2\n")
    assert Play(tmp_path).page(new) == new
    assert played(new, tmp_path) == []
