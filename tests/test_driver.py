"""The driver: what is missing is run, in order, round by round; where and when it runs changes no bit."""

from __future__ import annotations

import math
import weakref
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from fupin_sim import compare, run_study, sweep
from fupin_sim.executors import Done, supervise
from fupin_sim.executors.local import Local
from fupin_sim.experiment.analysis import analysed
from fupin_sim.experiment.board import FAILED, Board
from fupin_sim.experiment.driver import Driver, Ears, Settings
from fupin_sim.experiment.run_key import run_key
from fupin_sim.experiment.study import Study
from fupin_sim.experiment.study_file import read_study
from fupin_sim.experiment.work import Lived, Payload, lacking
from fupin_sim.paired import paired_interval
from fupin_sim.simulation import simulate
from fupin_sim.store import Row, Store
from fupin_sim.store import packed as table_packed
from tests.test_dask import Dask, nobody_left
from tests.tiny_study import BRIEF, driven, kept, study, write_study

SMALL = {"population.villages": 4, "population.households": 30, "scenario.years": 1, "burn_in.months": 12}


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The store of a study that nothing has happened to."""
    folder = tmp_path_factory.mktemp("undisturbed")
    with Store(folder / "out", write=True) as store:
        driven(study(folder), store)
    return folder / "out"


def same(one: Path, other: Path) -> bool:
    (digest, frame), (other_digest, other_frame) = kept(one), kept(other)
    return digest == other_digest and frame.equals(other_frame)


@pytest.fixture(scope="module")
def brief(tmp_path_factory: pytest.TempPathFactory) -> tuple[Study, Path]:
    """A study of many short runs, and the store of what it shows, one run after another."""
    folder = tmp_path_factory.mktemp("brief")
    made = read_study(write_study(folder), sets={**BRIEF, "replicates.first": 24})
    with Store(folder / "out", write=True) as store:
        driven(made, store, chunk_most=1)
    return made, folder / "out"


@pytest.fixture
def chunks(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many runs are handed to a worker at once, each time."""
    sizes: list[int] = []
    submit = Local.submit
    monkeypatch.setattr(Local, "submit", lambda engine, chunk: sizes.append(len(chunk.runs)) or submit(engine, chunk))
    return sizes


@pytest.mark.parametrize(("workers", "most"), [(1, 64), (2, 1), (2, 64), (4, 1)])
def test_the_same_bits_however_many_runs_are_handed_out_at_once_stopped_and_resumed(
    tmp_path: Path, brief: tuple[Study, Path], chunks: list[int], workers: int, most: int
) -> None:
    made, whole = brief
    settings: dict[str, Any] = {"on": "local", "workers": workers, "chunk_s": math.inf, "chunk_most": most}
    for budget in (13, math.inf):
        with Store(tmp_path / "out", write=True) as store:
            outcome = driven(made, store, most_runs=budget, **settings).outcome
    assert (outcome.there, outcome.ran, outcome.failed, outcome.n) == (13, 35, 0, 24)
    assert max(chunks) == min(most, 35), "of 48 runs, 13 were lived before"
    assert same(tmp_path / "out", whole)


def test_the_same_bits_on_a_cluster(tmp_path: Path, brief: tuple[Study, Path]) -> None:
    made, whole = brief
    with nobody_left():
        cluster = Dask(tmp_path)
        try:
            cluster.schedule()
            cluster.work("one", "--no-nanny")
            for most in (1, 64):
                with Store(tmp_path / f"{most}", write=True) as store:
                    driven(made, store, on=cluster.on, chunk_s=math.inf, chunk_most=most)
        finally:
            cluster.end()
    assert same(tmp_path / "1", whole)
    assert same(tmp_path / "64", whole)


def test_a_budget_ends_it_early_and_the_rest_is_run_later(tmp_path: Path, undisturbed: Path) -> None:
    made, ran = study(tmp_path), []
    for budget in (3, 4, math.inf, math.inf):
        with Store(tmp_path / "out", write=True) as store:
            driver = driven(made, store, most_runs=budget)
        ran.append((driver.outcome.ran, driver.outcome.there, driver.outcome.why, driver.outcome.n))
    assert ran == [(3, 0, "budget", 1), (4, 3, "budget", 3), (1, 7, "most", 4), (0, 8, "most", 4)]
    assert same(tmp_path / "out", undisturbed)


NOISE = pd.DataFrame(
    {"month": "2016-01", "measure": "headcount", "group": "", "value": np.random.default_rng(1).random(5000)}
)


def in_no_time(payload: Payload) -> Lived:
    """A run that has 40 kB to tell."""
    table, value = table_packed(NOISE), payload.seed / 2**64
    return Lived(
        payload.seed, {"headcount": value, "income": 1 - value}, {}, table, table, None, f"{payload.seed:032x}"
    )


class Noting(Driver):
    """Counts what is still held of the runs that have come in."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.came: list[weakref.ref[Any]] = []
        self.most_held = 0

    @property
    def held(self) -> int:
        return sum(each() is not None for each in self.came)

    def _row(self, done: Done) -> Row:
        row = super()._row(done)
        self.came += map(weakref.ref, (done, done.value, row))
        self.most_held = max(self.most_held, self.held)
        return row


def test_what_has_been_kept_is_not_held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fupin_sim.experiment.driver.live", in_no_time)
    monkeypatch.setattr("fupin_sim.experiment.driver.supervise", partial(supervise, flush_s=0.02))
    made, batches = read_study(write_study(tmp_path), sets={"replicates.first": 150}), list[int]()
    with Store(tmp_path / "out", write=True) as store:
        driver = Noting(made, store, Settings("serial"))
        driver.take_up()
        put = store.put
        monkeypatch.setattr(store, "put", lambda rows: batches.append(len(rows)) or put(rows))
        driver.drive()
        assert (driver.held, len(driver.came)) == (0, 3 * 300)
    assert sum(batches) == 300
    assert driver.most_held <= 3 * max(batches) < 600


def test_runs_go_replicate_first(tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    with Store(tmp_path / "out", write=True) as store:
        driven(study(tmp_path), store, ears=Ears(ran=lambda row, spot: seen.append((spot.replicate, spot.cell))))
    assert seen == [(replicate, cell) for replicate in range(4) for cell in range(2)]


def test_all_arms_of_a_replicate_share_the_seed_and_the_run_is_that_of_simulate(undisturbed: Path) -> None:
    _, frame = kept(undisturbed)
    assert frame.groupby("replicate")["seed"].nunique().tolist() == [1, 1, 1, 1]
    made = study(undisturbed.parent)
    cell, seed = made.cell("cash"), made.seed_of(2)
    row = frame[(frame["arm"] == "cash") & (frame["replicate"] == 2)].iloc[0]
    result = simulate(cell.scenario, seed)
    assert (row["key"], row["digest"]) == (run_key(cell.scenario, seed), result.digest)
    assert row["headcount"] == result.headlines["headcount"]


RULE = "[replicates]\nfirst = 2\nstep = 2\nmost = 8\nuntil = { headcount = WIDE }\n"


def looks(folder: Path, wide: float, **settings: Any) -> tuple[list[tuple[int, bool]], Any]:
    text = write_study(folder).read_text(encoding="utf-8").replace("[replicates]\nfirst = 4\n", "")
    made = study(folder, RULE.replace("WIDE", str(wide)), text=text)
    seen: list[tuple[int, bool]] = []
    ears = Ears(looked=lambda look: seen.append((look.n, look.reached)))
    with Store(folder / "out", write=True) as store:
        driver = driven(made, store, ears=ears, **settings)
    return seen, driver


def test_it_stops_at_the_first_look_that_is_precise_enough_whatever_else_is_there(tmp_path: Path) -> None:
    all_of_them, driver = looks(tmp_path, 1e-9)
    assert all_of_them == [(2, False), (4, False), (6, False), (8, False)]
    assert (driver.outcome.why, driver.outcome.n) == ("most", 8)
    halves = [_half(driver.board, n) for n in (2, 4, 6, 8)]
    skews = [abs(_interval(driver.board, n).skew) <= 1 for n in (2, 4, 6, 8)]
    wide = max(halves) * 1.01
    first = next(n for n, half, good in zip((2, 4, 6, 8), halves, skews, strict=True) if half <= wide and good)
    seen, driver = looks(tmp_path, wide)  # eight replicates are in the store, and only the first count
    assert seen[-1] == (first, True)
    assert (driver.outcome.why, driver.outcome.n, driver.outcome.ran) == ("reached", first, 0)
    assert len(analysed(driver.board, driver.outcome.n).runs) == 2 * first


def _interval(board: Board, n: int) -> Any:
    return paired_interval(board.of(1, "headcount", n), board.of(0, "headcount", n))


def _half(board: Board, n: int) -> float:
    return float(_interval(board, n).half)


NAN = 'measures = ["headcount", "income"]', 'measures = ["headcount", "teams_matched"]'


def test_a_measure_without_a_value_fails_the_run_and_says_why(tmp_path: Path) -> None:
    text = write_study(tmp_path).read_text(encoding="utf-8").replace(*NAN)
    with Store(tmp_path / "out", write=True) as store:
        driver = driven(study(tmp_path, text=text), store)
        why = set(store.failures()["error"])
    assert why == {"no value for teams_matched: in no month of this run was there anybody to count"}
    assert (driver.outcome.why, driver.outcome.failed) == ("failed", 8)
    found = analysed(driver.board, driver.outcome.n)
    assert (len(found.levels), len(found.effects), len(found.refused)) == (0, 0, 8)


def test_of_a_cell_that_lacks_one_run_nothing_is_said_and_the_others_are_whole(tmp_path: Path) -> None:
    with Store(tmp_path / "out", write=True) as store:
        driver = driven(study(tmp_path), store)
    driver.board.enter(driver.board.keys[2][1], None)
    assert driver.board.counted(FAILED) == 1
    found = analysed(driver.board, 4)
    assert set(found.levels["arm"]) == {"as_it_is"}
    assert (len(found.effects), len(found.best)) == (0, 0)
    assert found.refused[["arm", "replicate", "why"]].to_numpy().tolist() == [["cash", 2, "failed"]]


def test_lacking_names_only_what_has_no_value() -> None:
    assert lacking({"a": 1.0, "b": math.nan}, ["a"]) == ""
    assert lacking({"a": 1.0}, ["a", "b"]).startswith("no value for b:")


def test_a_sweep_pairs_at_every_point(tmp_path: Path) -> None:
    made = study(tmp_path, '[sweep.vary]\n"policy.dibao.level" = [0.3, 0.9]\n')
    with Store(tmp_path / "out", write=True) as store:
        found = analysed(driven(made, store).board, 4)
    assert found.effects[["point", "policy.dibao.level", "measure"]].to_numpy().tolist() == [
        [0, 0.3, "headcount"], [0, 0.3, "income"], [1, 0.9, "headcount"], [1, 0.9, "income"]
    ]  # fmt: skip
    assert found.effects.groupby("measure")["p_holm"].max().ge(found.effects.groupby("measure")["p"].max()).all()


def test_python_gives_the_numbers_of_the_runs(tmp_path: Path) -> None:
    found = compare({"a": "baseline", "b": "no_support"}, replicates=3, measures=["headcount"], sets=SMALL, seed=9)
    wide = found.runs.pivot(index="replicate", columns="arm", values="headcount")
    paired, told = paired_interval(wide["b"], wide["a"]), found.effect("headcount", "b")
    assert (told["mean"], told["low"], told["high"]) == (paired.mean, paired.low, paired.high)
    series = found.series(["headcount"])
    means = series.groupby(["arm", "replicate"])["value"].mean()
    assert means["a", 1] == pytest.approx(wide["a"][1])
    assert found.folder.exists()


def test_what_python_did_not_ask_to_keep_goes_with_the_result() -> None:
    found = sweep(vary={"policy.dibao.level": [0.3, 0.9]}, replicates=2, measures=["spending"], sets=SMALL)
    folder, response = found.folder, found.response("spending")
    assert response["policy.dibao.level"].tolist() == [0.3, 0.9]
    assert response["mean"].is_monotonic_increasing
    del found
    assert not folder.exists()


def test_python_runs_a_study_file_and_warns_of_failed_runs(tmp_path: Path) -> None:
    file = write_study(tmp_path)
    file.write_text(file.read_text(encoding="utf-8").replace(*NAN), encoding="utf-8")
    with pytest.warns(UserWarning, match="8 runs failed, so nothing is said of as_it_is, cash; the first: no value"):
        found = run_study(file, out=tmp_path / "out")
    assert (found.why, len(found.failures), len(found.effects)) == ("failed", 8, 0)


def test_a_longer_study_takes_what_a_shorter_one_has(tmp_path: Path) -> None:
    made = study(tmp_path)
    longer = replace(made, replicates=replace(made.replicates, first=6, most=6))
    with Store(tmp_path / "out", write=True) as store:
        driven(made, store)
        outcome = driven(longer, store).outcome
    assert (outcome.there, outcome.ran, outcome.n) == (8, 4, 6)


def test_the_board_holds_one_place_for_runs_that_are_the_same(tmp_path: Path) -> None:
    made = study(tmp_path, '[sweep.vary]\n"policy.cash.level" = { values = [300, 900], arms = ["cash"] }\n')
    board = Board(made)
    board.widen(2)
    assert (len(board.cells), len(board.spots), len(list(board.missing(2)))) == (4, 6, 6)
    key = board.keys[0][0]
    board.enter(key, [0.5, 1.0])
    assert [board.of(spot.cell, "headcount", 1)[0] for spot in board.spots[key]] == [0.5, 0.5]
