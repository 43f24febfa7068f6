"""A study on the command line: planned, run, told; the exit code says how it ended."""

from __future__ import annotations

import sys
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from fupin_sim.cli.ask import Ask
from fupin_sim.cli.outcome import DONE, FAILED, STOPPED
from fupin_sim.cli.stopping import Wish, heeding
from fupin_sim.cli.study_files import CANCEL, begin, finish, refuse_another
from fupin_sim.cli.study_plan import StudyPlan, planned
from fupin_sim.cli.study_result import Told, as_record, as_text
from fupin_sim.cli.study_watch import StudyWatch, line_of
from fupin_sim.errors import BadInput
from fupin_sim.executors import ExecutorLost
from fupin_sim.experiment.analysis import Analysis, analysed
from fupin_sim.experiment.board import OK, Board
from fupin_sim.experiment.driver import Driver, Outcome, Settings
from fupin_sim.experiment.lifted import lifted
from fupin_sim.experiment.looks import rule_of
from fupin_sim.experiment.study import Study
from fupin_sim.store import Store, StoreFailed

LOOK_S = 0.5
"""How often it is looked for a request to stop from another process."""


@dataclass
class Stopping:
    """Whether to stop: the user here wishes it, or another process has left the file that asks for it."""

    wish: Wish
    folder: Path
    say: Callable[[str], None] = lambda text: None
    asked: bool = False
    seen: float = 0.0

    def __call__(self) -> bool:
        now = time.monotonic()
        if not self.asked and now - self.seen > LOOK_S:
            self.seen, self.asked = now, (self.folder / CANCEL).exists()
        if (self.wish.stop or self.asked) and not self.wish.answered:
            self.wish.answered = True
            self.say("Stopping when the runs at work have finished; Ctrl-C stops at once." if self.asked else
                     "Stopping when the runs at work have finished; Ctrl-C again stops at once.")  # fmt: skip
        return self.wish.stop or self.asked


def run_study(study: Study, folder: Path, ask: Ask) -> int:
    """Do what is missing of a study and print what it shows; the exit code. Raises BadInput before anything is run."""
    tell = _teller(ask)
    if ask.dry_run:
        plan = plan_of(study, folder, ask)
        _announce(plan, ask, tell)
        return DONE
    try:
        store = Store(folder, write=True)
    except StoreFailed as error:
        raise BadInput(f"{error}", "fupin-sim study") from None
    with store:
        if not ask.force:
            refuse_another(study, folder, store)
        driver = Driver(study, store)
        begin_at(driver, folder, ask)
        plan = plan_with(driver, ask)
        _announce(plan, ask, tell)
        driver.settings = Settings(plan.on, plan.workers, ask.time_limit, ask.most_seconds, ask.most_runs)
        problem = driven(driver, folder, ask, tell)
        analysis = analysed(driver.board, driver.outcome.n)
        if study.households and not problem:
            whole, groups = lifted(driver.board, store, analysis.n)
            analysis = replace(analysis, households=whole, households_by_group=groups)
        failures = store.failures() if not problem else None
        files: list[Path] = []
        if not problem:
            try:
                files = kept(study, folder, ask, driver, analysis)
            except OSError as error:
                problem = f"tables and figures cannot be written ({error.strerror or error})"
    told = Told(study, folder, ask, driver.outcome, analysis, failures, problem, files, code_of(driver, problem))
    if tell:
        tell({"event": "result", **as_record(told)})
    else:
        print(as_text(told))
    return told.code


def begin_at(driver: Driver, folder: Path, ask: Ask) -> None:
    """Write what the study says and see what is there; raises BadInput where the folder cannot be written."""
    try:
        begin(driver.study, folder, driver.store, ask.words)
        driver.take_up()
    except OSError as error:
        raise BadInput(f"{folder}: cannot be written ({error.strerror or error})", "fupin-sim study") from None


def plan_with(driver: Driver, ask: Ask) -> StudyPlan:
    """The plan, with what is in the store."""
    study, board = driver.study, driver.board
    frame = driver.store.headlines()
    first = len(list(board.missing(board.width)))
    there, most = _whole_count(study, set(frame.loc[frame["status"] == "ok", "key"]), driver)
    heard = not ask.quiet or ask.json or ask.workers == "auto"
    return planned(board, there, first, most, ask.workers, ask.on, frame["seconds"].tolist(), tried=heard)


def _whole_count(study: Study, finished: set[str], driver: Driver) -> tuple[int, int]:
    """Runs that are there, and that are missing to the last look; keys are made only where there can be any."""
    most = study.most_runs
    there = driver.board.counted(OK)
    beyond = driver.store.finished() - set(driver.board.spots)
    if beyond:
        wide = Board(study)
        wide.widen(rule_of(study).most)
        failed = set(driver.store.failures()["key"])
        there = len((finished | beyond - failed) & set(wide.spots))
    return there, most - there


def plan_of(study: Study, folder: Path, ask: Ask) -> StudyPlan:
    """The plan of a study that need not be there yet; writes nothing."""
    board = Board(study)
    board.widen(rule_of(study).most)
    seconds: list[float] = []
    if (folder / "runs.sqlite").exists():
        with Store(folder, write=False) as store:
            board.load(store)
            seconds = store.headlines()["seconds"].tolist()
    first = len(list(board.missing(next(rule_of(study).looks()))))
    most = len(list(board.missing(board.width)))
    return planned(board, board.counted(OK), first, most, ask.workers, ask.on, seconds)


def driven(driver: Driver, folder: Path, ask: Ask, tell: Callable[[dict[str, Any]], None] | None) -> str:
    """Drive it to its end; what came in the way, in one line, or nothing."""
    with heeding() as wish, StudyWatch(driver.board, ask.quiet, tell) as watch:
        driver.ears = watch.ears
        driver.stopping = Stopping(wish, folder, watch.say)
        try:
            driver.drive()
        except KeyboardInterrupt:
            driver.outcome.why = "stopped"
        except StoreFailed as error:
            driver.outcome.why = "stopped"
            return f"{error}"
        except ExecutorLost as error:
            driver.outcome.why = "stopped"
            return f"--on {ask.on}: {error}"
    return ""


def kept(study: Study, folder: Path, ask: Ask, driver: Driver, analysis: Analysis) -> list[Path]:
    """Tables and figures; what cannot be drawn is said. Raises OSError where the folder cannot be written."""
    from fupin_sim.cli.study_figures import drawn

    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        figures = drawn(study, analysis, driver.store, driver.board, folder / "figures") if ask.figures else []
    for text in dict.fromkeys(str(each.message) for each in told):
        _say(ask, text)
    return finish(study, folder, ask.words, driver.outcome, analysis, figures)


def code_of(driver: Driver, problem: str) -> int:
    """0 done, 3 done but runs failed, 4 stopped early."""
    outcome: Outcome = driver.outcome
    if problem or outcome.why in ("stopped", "budget"):
        return STOPPED
    return FAILED if outcome.why == "failed" else DONE


def _announce(plan: StudyPlan, ask: Ask, tell: Callable[[dict[str, Any]], None] | None) -> None:
    if tell:
        tell({"event": "plan", **plan.record()})
    elif ask.dry_run:
        print("\n".join(plan.lines()))
    else:
        _say(ask, "\n".join(plan.lines()))


def _say(ask: Ask, text: str) -> None:
    if not ask.quiet:
        print(text, file=sys.stderr)


def _teller(ask: Ask) -> Callable[[dict[str, Any]], None] | None:
    return (lambda event: print(line_of(event), flush=True)) if ask.json else None
