"""The store gives back what was put, to the last bit; runs are planned, forgotten, lent, collected."""

from __future__ import annotations

import math
import sqlite3
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fupin_sim.errors import BadInput
from fupin_sim.store import Packed, Row, Store, packed, unpacked
from fupin_sim.store.entry import numbers_in, numbers_told
from fupin_sim.store.packed import parts_of
from tests.stored import ODD, cells, failed, households, key, row, series, survival


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """A folder whose name is a trap for patterns, SQL and URIs."""
    return tmp_path / "it's [a] study? 100%#"


def filled(folder: Path, rows: list[Row], **plan: Any) -> Store:
    store = Store(folder, write=True)
    store.put(rows)
    if plan:
        store.plan(**plan)
    return store


def same_bits(a: Any, b: Any) -> bool:
    """Equal values with equal signs of zero; NaN is NaN."""
    a, b = np.asarray(a, float), np.asarray(b, float)
    lost = np.isnan(a)
    return bool((lost == np.isnan(b)).all() and (a[~lost].view(np.int64) == b[~lost].view(np.int64)).all())


def run_of(frame: pd.DataFrame, i: int) -> pd.DataFrame:
    return frame[frame["key"] == key(i)].drop(columns="key").reset_index(drop=True)


# what was put comes back


@pytest.mark.parametrize("runs", [3, 207], ids=["in the journal", "in shards"])
def test_series_survival_and_headlines_come_back_to_the_last_bit(study: Path, runs: int) -> None:
    with filled(study, [row(i) for i in range(runs)], cells=cells(runs)) as store:
        assert bool(list((study / "series").glob("*"))) == (runs > 200)
        shown, lived, heads = store.series(), store.survival(), store.headlines()
        assert shown["key"].is_monotonic_increasing
        for i in (0, 1, 2):
            told, made = run_of(shown, i), series(i)
            assert told.columns.tolist() == ["month", "measure", "group", "value"]
            assert same_bits(told["value"], made["value"])
            assert told.drop(columns="value").to_numpy().tolist() == made.drop(columns="value").to_numpy().tolist()
            assert run_of(lived, i).to_numpy().tolist() == survival(i).to_numpy().tolist()
    assert heads["arm"].tolist()[:2] == ["a", "a"]
    assert heads["replicate"].is_monotonic_increasing is False
    assert heads.columns.tolist() == [
        "point", "arm", "replicate", "key", "seed", "status", "digest", "seconds", "headcount", "return_rate",
    ]  # fmt: skip
    second = heads[(heads["arm"] == "b") & (heads["replicate"] == 0)].iloc[0]
    assert (second["seed"], second["digest"], second["headcount"]) == (2**70 + 1, "d1", 1 / 3)
    assert math.isnan(heads["return_rate"][0])


def test_only_the_runs_and_measures_asked_for_are_read(study: Path) -> None:
    with filled(study, [row(i) for i in range(205)]) as store:
        some = store.series([key(3), key(204), "absent"], ["return_rate"])
        assert set(some["key"]) == {key(3), key(204)}
        assert set(some["measure"]) == {"return_rate"}
        assert len(some) == 12
        assert store.series([]).empty
        assert set(store.survival([key(3)])["key"]) == {key(3)}


def test_a_household_table_comes_back_with_its_kinds_of_columns(study: Path) -> None:
    with filled(study, [row(1, households=households(1)), row(2)]) as store:
        told = store.households(key(1))
        assert told is not None
        made = households(1)
        for name in ("village", "luck", "saved", "yuan", "decided"):
            assert told[name].dtype == made[name].dtype
            assert (told[name].to_numpy() == made[name].to_numpy()).all()
        assert [None if pd.isna(cause) else cause for cause in told["cause"]] == ["illness", None, "", "school", "灾"]
        assert told.attrs == {"seed": 2**70 + 1, "since": "2016-01", "flag": True}
        assert store.households(key(2)) is None
        assert store.households("absent") is None
        assert store.finished() == {key(1), key(2)}
        assert store.finished(households=True) == {key(1)}


def test_runs_with_other_columns_or_without_rows_go_to_shards_of_their_own(study: Path) -> None:
    other = series(1).rename(columns={"value": "amount"})
    rows = [
        row(0),
        row(1, series=other),
        row(2, series=series(2).iloc[:0].astype({"month": object})),
        row(3, survival=None),
    ]
    with filled(study, rows):
        pass
    with Store(study, write=False) as store:
        assert store.info().waiting == 0
        assert store.info().shards == 3
        assert store.verify(deep=True) == []
        assert same_bits(run_of(store.series(), 1)["amount"], other["amount"])
        assert key(2) not in set(store.series()["key"])
        back = {row.key: row for row in store.rows()}
        assert isinstance(back[key(2)].series, Packed)
        assert unpacked(back[key(2)].series).columns.tolist() == series(2).columns.tolist()
        assert back[key(3)].survival is None


def test_a_run_that_is_put_again_replaces_the_one_in_a_shard(study: Path) -> None:
    with filled(study, [row(i) for i in range(3)]):
        pass
    with filled(study, [row(1, series=series(8), headlines={"headcount": 8.0})]) as store:
        assert same_bits(run_of(store.series(), 1)["value"], series(8)["value"])
        assert len(run_of(store.series(), 1)) == 12
    with Store(study, write=False) as store:
        assert same_bits(run_of(store.series(), 1)["value"], series(8)["value"])
        assert store.verify(deep=True) == []
        assert len(store.series()) == 36


def test_failed_runs_are_finished_and_counted_and_run_again_once_forgotten(study: Path) -> None:
    with filled(study, [row(0), failed(1), failed(2, "crashed"), failed(3, "timeout")], cells=cells(4)) as store:
        assert store.finished() == {key(i) for i in range(4)}
        assert store.statuses() == {"crashed": 1, "failed": 1, "ok": 1, "timeout": 1}
        assert store.attempts() == {key(1): 2, key(2): 2, key(3): 2}
        told = store.failures()
        assert set(told["error"]) == {"ZeroDivisionError: x"}
        assert (told["trace"] == "…\n…").all()
        heads = store.headlines()
        assert heads["status"].tolist() == ["ok", "crashed", "failed", "timeout"]
        assert heads["headcount"].isna().tolist() == [False, True, True, True]
        assert store.forget(told["key"]) == 3
        assert store.forget(["absent"]) == 0
        assert store.finished() == {key(0)}
        assert store.info().missing == 3
        store.put([row(1)])
        assert store.failures().empty


@pytest.mark.parametrize(
    "bad", [row(1, key="../up"), row(1, key=""), row(1, status="fine"), row(1, series=pd.DataFrame({"a": [1j]}))]
)
def test_what_no_run_may_say_is_refused_and_nothing_of_it_is_kept(study: Path, bad: Row) -> None:
    with filled(study, []) as store:
        with pytest.raises(ValueError, match=r"key|status|holds"):
            store.put([row(0), bad])
        assert store.finished() == set()


# packing


FLOATS = st.floats() | st.sampled_from(ODD)


@given(st.lists(st.tuples(FLOATS, st.integers(-(2**63), 2**63 - 1), st.booleans(), st.none() | st.text(max_size=5))))
def test_any_table_unpacks_to_itself_and_packs_to_the_same_bytes(
    rows: list[tuple[float, int, bool, str | None]],
) -> None:
    a, b, c, d = zip(*rows, strict=True) if rows else ((), (), (), ())
    frame = pd.DataFrame({
        "a": np.array(a, float), "b": np.array(b, np.int64), "c": np.array(c, bool), "d": np.array(d, object),
    })  # fmt: skip
    small = packed(frame)
    again = unpacked(small)
    assert same_bits(again["a"], frame["a"])
    assert (again["b"].to_numpy() == frame["b"].to_numpy()).all()
    assert (again["c"].to_numpy() == frame["c"].to_numpy()).all()
    assert [None if pd.isna(text) else text for text in again["d"]] == list(d)
    assert packed(again) == small


TEXTS = st.none() | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=5)


@settings(max_examples=8)
@given(st.lists(st.lists(st.tuples(FLOATS, TEXTS), min_size=1, max_size=6), min_size=1, max_size=9))
def test_any_numbers_and_texts_survive_a_shard(
    tmp_path_factory: pytest.TempPathFactory, runs: list[list[tuple[float, str | None]]]
) -> None:
    frames = [
        pd.DataFrame({"value": [number for number, _ in lines], "group": np.array([text for _, text in lines], object)})
        for lines in runs
    ]
    folder = tmp_path_factory.mktemp("shard") / "study"
    with filled(folder, [row(i, series=frame) for i, frame in enumerate(frames)]):
        pass
    with Store(folder, write=False) as store:
        assert store.verify(deep=True) == []
        assert {back.key: back.series for back in store.rows()} == {key(i): packed(f) for i, f in enumerate(frames)}


@given(st.dictionaries(st.text(max_size=9), FLOATS))
def test_any_headlines_survive_json(numbers: dict[str, float]) -> None:
    again = numbers_in(numbers_told(numbers))
    assert again.keys() == numbers.keys()
    assert same_bits([again[name] for name in numbers], list(numbers.values()))


def test_other_bits_give_another_digest_and_other_bits_of_nan_do_not() -> None:
    def digest(*values: float) -> str:
        return packed(pd.DataFrame({"value": values})).digest

    odd = np.array([0x7FF8000000000001, 0xFFF8000000000000], np.uint64).view(float)
    assert digest(math.nan) == digest(odd[0]) == digest(odd[1])
    assert len({digest(0.0), digest(-0.0), digest(5e-324), digest(math.inf), digest(0.0, 0.0), digest()}) == 6
    assert packed(pd.DataFrame({"a": [1.0]})).digest != packed(pd.DataFrame({"b": [1.0]})).digest
    assert packed(pd.DataFrame({"a": [1]})).shape != packed(pd.DataFrame({"a": [1.0]})).shape


@pytest.mark.parametrize("data", [b"", b"nonsense", packed(series(1)).data[:40]])
def test_damaged_bytes_are_an_error_and_never_a_table(data: bytes) -> None:
    with pytest.raises(ValueError, match="damaged"):
        parts_of(data)


def test_a_table_packed_by_a_worker_is_the_same_as_one_packed_here(study: Path, tmp_path: Path) -> None:
    with filled(study, [row(1)]) as a, filled(tmp_path / "b", [row(1, series=packed(series(1)))]) as b:
        assert a.contents() == b.contents()
    with pytest.raises(ValueError, match="same name"):
        packed(pd.DataFrame([[1, 2]], columns=["a", "a"]))


# the digest of a study


def test_the_digest_does_not_depend_on_order_batches_shards_or_interruptions(tmp_path: Path) -> None:
    n = 230
    orders = {"forward": range(n), "backward": range(n - 1, -1, -1)}
    digests = set()
    for name, order in orders.items():
        with Store(tmp_path / name, write=True) as store:
            store.plan(cells(n))
            store.put([row(i) for i in order])
            digests.add(store.digest())
    for i in range(0, n, 46):  # five sittings
        with Store(tmp_path / "resumed", write=True) as store:
            for j in range(i, i + 46):
                store.put([row(j, seconds=9.0, memory=1, attempts=3)])
            store.plan(reversed(cells(n)))
    with Store(tmp_path / "resumed", write=False) as store:
        digests.add(store.digest())
        assert store.info().shards == 5
    assert len(digests) == 1


@pytest.mark.parametrize(
    "changed",
    [
        {"seed": 1}, {"digest": "x"}, {"headlines": {"headcount": 1 / 3, "return_rate": -0.0}}, {"missing": {}},
        {"series": series(2)}, {"survival": survival(3)}, {"households": households(1)}, {"series": None},
    ],
    ids=lambda changed: next(iter(changed)),
)  # fmt: skip
def test_the_digest_sees_every_change_of_a_result(tmp_path: Path, changed: dict[str, Any]) -> None:
    with filled(tmp_path / "a", [row(1)], cells=cells(2, 1)) as a, filled(tmp_path / "b", [row(1, **changed)]) as b:
        b.plan(cells(2, 1))
        assert a.digest() != b.digest()


def test_the_digest_is_of_the_plan_where_there_is_one(study: Path) -> None:
    with filled(study, [row(0), row(1)]) as store:
        of_all = store.digest()
        store.plan(cells(3))
        planned = store.digest()
        store.put([row(99)])
        assert store.digest() == planned != of_all
        store.put([row(2)])
        assert store.digest() != planned


# the plan


def test_cells_share_runs_keep_their_place_and_can_be_planned_anew(study: Path) -> None:
    with filled(study, [row(0)]) as store:
        store.plan([(key(0), 0, "none", 0), (key(0), 0, "also none", 0)])
        assert store.headlines()["arm"].tolist() == ["none", "also none"]
        store.plan([(key(1), 0, "none", 0), (key(1), 0, "new", 0)])
        assert [(cell[0], cell[2]) for cell in store.planned()] == [
            (key(1), "none"),
            (key(0), "also none"),
            (key(1), "new"),
        ]
        store.plan([(key(5), 3, "only", 7)], anew=True)
        assert store.planned() == [(key(5), 3, "only", 7)]
        assert store.find(key(5)[:31]) == sorted(k for k in (key(0), key(5)) if k.startswith(key(5)[:31]))
        store.describe(title="Teams", measures={"headcount": ("share", "poor")}, points={3: {"a.b": 12}})
        store.describe(title="Teams again")
        assert store.described() == {
            "title": "Teams again", "measures": {"headcount": ["share", "poor"]}, "points": {"3": {"a.b": 12}},
        }  # fmt: skip
        assert store.info().title == "Teams again"


# borrowing


def test_finished_runs_are_borrowed_whole_from_other_studies(tmp_path: Path) -> None:
    studies = tmp_path / "studies"
    for name in ("one", "two"):
        with filled(studies / name, [row(i, households=households(i) if i < 3 else None) for i in range(5)]) as store:
            store.put([failed(7)])
    (studies / "broken").mkdir()
    (studies / "broken" / "runs.sqlite").write_bytes(b"no journal")
    with Store(studies / "mine", write=True) as store:
        store.put([row(1)])
        wanted = [key(i) for i in (0, 1, 4, 7, 9)]
        taken = store.borrow(wanted, [studies, tmp_path / "absent"])
        assert taken == {key(0): studies / "one", key(4): studies / "one"}
        assert store.finished() == {key(0), key(1), key(4)}
        with Store(studies / "one", write=False) as other:
            lent, own = other.contents(), store.contents()
            assert own[key(0)] == lent[key(0)]
            pd.testing.assert_frame_equal(store.households(key(0)), other.households(key(0)))
        assert store.borrow([key(1), key(4)], [studies], households=True) == {key(1): studies / "one"}
        assert store.verify(deep=True) == []


def test_a_damaged_run_is_not_borrowed(tmp_path: Path) -> None:
    with filled(tmp_path / "a", [row(0), row(1)]):
        pass
    with sqlite3.connect(tmp_path / "a" / "runs.sqlite") as journal:
        journal.execute("update runs set headlines = replace(headlines, '0.3333', '0.4333') where key = ?", (key(1),))
    journal.close()
    with Store(tmp_path / "b", write=True) as store:
        assert set(store.borrow([key(0), key(1)], [tmp_path / "a"])) == {key(0)}
    shard = next((tmp_path / "a" / "series").iterdir())
    shard.write_bytes(shard.read_bytes()[:-9])
    with Store(tmp_path / "c", write=True) as store:
        assert store.borrow([key(0), key(1)], [tmp_path / "a"]) == {}


# collecting


def test_gc_removes_what_no_plan_names_and_nothing_of_the_users(study: Path) -> None:
    with filled(study, [row(i, households=households(i)) for i in range(4)]):
        pass
    with filled(study, [row(5, households=households(5))], cells=[*cells(2), *cells(6, 5)]) as store:
        store.forget([key(1)])
        mine = [study / "notes.txt", study / "series" / "mine.csv", study / "study.toml"]
        leftovers = [
            study / ".runs.sqlite.77.part", study / "series" / ".000009.parquet.77.part",
            study / "households" / ".x.parquet.77.part", study / "series" / "000044.parquet",
        ]  # fmt: skip
        for file in (*mine, *leftovers):
            file.write_text("x")
        freed = store.gc()
        assert freed.runs == 2
        assert freed.files == 4 + 3  # leftovers, and household tables of runs 1, 2 and 3
        assert freed.bytes > 0
        assert all(file.exists() for file in mine)
        assert not any(file.exists() for file in leftovers)
        assert {file.stem for file in (study / "households").iterdir()} == {key(0), key(5)}
        assert store.finished() == {key(0), key(5)}
        assert store.verify(deep=True) == []
        assert store.gc() == type(freed)(0, 0, 0)


def test_gc_without_a_plan_keeps_every_run(study: Path) -> None:
    with filled(study, [row(i) for i in range(3)]) as store:
        assert store.info().unplanned == 0
        assert store.gc().runs == 0
        assert len(store.finished()) == 3
        store.plan(cells(1))
        assert store.info().unplanned == 2


def test_gc_removes_a_shard_that_nothing_needs(study: Path) -> None:
    with filled(study, [row(i) for i in range(201)]):
        pass
    with Store(study, write=True) as store:
        store.forget([key(i) for i in range(200)])
        assert len(list((study / "series").iterdir())) == 2
        assert store.gc().files == 2
        assert same_bits(store.series()["value"], series(200)["value"])


# other programs read it


def test_shards_and_journal_are_read_without_us(study: Path) -> None:
    with filled(study, [row(i) for i in range(3)], cells=cells(3)):
        pass
    shards = str(study / "series").replace("[", "[[]").replace("?", "[?]") + "/*.parquet"
    found = duckdb.connect().execute("select count(*), count(value) from read_parquet($1)", [shards]).fetchone()
    assert found == (36, 33)
    journal = sqlite3.connect(study / "runs.sqlite")
    told = journal.execute(
        "select arm, json_extract(headlines, '$.headcount') from plan join runs using (key) order by place"
    ).fetchall()
    journal.close()
    assert told == [("a", 0.0), ("b", 1 / 3), ("a", 2 / 3)]


def test_the_number_of_rows_of_a_reader_is_that_of_the_last_commit(study: Path) -> None:
    with filled(study, [row(0)], cells=cells(2)) as writer, Store(study, write=False) as reader:
        assert reader.finished() == {key(0)}
        writer.put([row(1)])
        assert reader.finished() == {key(0), key(1)}
        assert len(reader.series()) == 24
        with pytest.raises((BadInput, OSError)):
            reader.put([row(2)])
        with pytest.raises((BadInput, OSError)):
            reader.forget([key(0)])
