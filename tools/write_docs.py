"""Write anew what the documentation takes from the program: its tables, and what its examples print.

python -m tools.write_docs                  # all pages; look at the difference before committing it
python -m tools.write_docs docs/model.md    # some of them
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from fupin_sim import shipped
from tools.doc_pages import Play, filled

ROOT = Path(__file__).parents[1]


def pages() -> list[Path]:
    """All pages of the documentation."""
    return sorted((ROOT / "docs").glob("*.md"))


def desk(folder: Path) -> Path:
    """A folder with what a reader has: the shipped scenarios in `scenarios`."""
    (folder / "scenarios").mkdir(parents=True, exist_ok=True)
    for file in shipped.folder().glob("*.toml"):
        shutil.copy(file, folder / "scenarios")
    return folder


def write(page: Path) -> bool:
    """Write one page anew; whether it changed."""
    before = page.read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder:
        after = Play(desk(Path(folder))).page(filled(before))
    if after != before:
        page.write_text(after, encoding="utf-8")
    return after != before


def main(wanted: list[str]) -> None:
    for page in [Path(name).resolve() for name in wanted] or pages():
        print(f"{page.name}: {'written anew' if write(page) else 'as before'}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
