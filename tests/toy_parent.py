"""A parent that supervises toy runs, for tests to interrupt: `python -m tests.toy_parent ON WORKERS RUNS WHAT FOLDER`.

WHAT: "meet", or seconds of work. Writes the key of each finished run into FOLDER/kept, a line each, and says on its
output what happens: "kept", "stopping", "stopped", "interrupted", "lost", "done".
"""

from __future__ import annotations

import sys
from pathlib import Path

from fupin_sim.cli.stopping import heeding
from fupin_sim.executors import Done, ExecutorLost, Heard, Job, supervise
from tests.toy_runs import burn, meet


def main(on: str, workers: str, runs: str, what: str, folder: str) -> str:
    kept = Path(folder, "kept").open("a", encoding="utf-8")  # noqa: SIM115
    told: set[str] = set()

    def say(word: str) -> None:
        if word not in told:
            told.add(word)
            print(word, flush=True)

    def sink(rows: list[Done]) -> None:
        kept.writelines(f"{row.key} {row.status}\n" for row in rows)
        kept.flush()
        say("kept")

    with heeding() as wish, kept:

        def heard(heard: Heard) -> None:
            if wish.stop:
                say("stopping")

        fn = meet if what == "meet" else burn
        jobs = (Job(str(x), (x, folder if what == "meet" else float(what))) for x in range(int(runs)))
        try:
            tally = supervise(fn, jobs, on=on, workers=int(workers), sink=sink, stopping=wish, heard=heard, flush_s=0.1)
        except KeyboardInterrupt:
            return "interrupted"
        except ExecutorLost as lost:
            return f"lost: {lost}"
        return "stopped" if tally.stopped else "done"


if __name__ == "__main__":
    print(main(*sys.argv[1:]))
