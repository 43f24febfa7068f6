"""`python -m benchmarks` runs all of them, `python -m benchmarks month memory` some; `--page FILE` writes a page."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from benchmarks import command, elementary, engine, measures, memory, month, objects, page, profile, store, study
from benchmarks.bars import Report

BENCHMARKS: Mapping[str, Callable[[bool], Report]] = {
    "month": month.run,
    "objects": objects.run,
    "memory": memory.run,
    "help": command.run,
    "draws": elementary.draws,
    "maths": elementary.functions,
    "measures": measures.run,
    "engine": engine.run,
    "store": store.run,
    "study": study.run,
    "profile": profile.run,
    "institutions": profile.institutions,
}
NOT_UNASKED = ("profile", "institutions")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run, print, and return 1 when --strict and a bar is missed, else 0."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Speed and memory beside their bars.")
    names = f"some of: {', '.join(BENCHMARKS)}; all but the last two"
    parser.add_argument("names", nargs="*", metavar="NAME", help=names)
    parser.add_argument("--strict", action="store_true", help="exit with 1 when a bar is missed")
    parser.add_argument("--tiny", action="store_true", help="sizes at which nothing is measured, to try them all")
    parser.add_argument("--page", type=Path, metavar="FILE", help="run all and the profile, and write what they found")
    given = parser.parse_args(arguments)
    if unknown := [name for name in given.names if name not in BENCHMARKS]:
        parser.error(f"no benchmark called {', '.join(unknown)}; there are {', '.join(BENCHMARKS)}")
    if given.page and given.names:
        parser.error("a page shows all benchmarks; name none")
    reports = {}
    for name in given.names or [name for name in BENCHMARKS if given.page or name not in NOT_UNASKED]:
        reports[name] = BENCHMARKS[name](given.tiny)
        print(reports[name], end="\n\n", flush=True)
    if given.page:
        given.page.write_text(page.written(reports), encoding="utf-8")
    missed = [bar for report in reports.values() for bar in report.bars if not bar.met]
    print(f"{len(missed)} bars missed" if missed else "every bar met")
    return 1 if missed and given.strict else 0


if __name__ == "__main__":
    raise SystemExit(main())
