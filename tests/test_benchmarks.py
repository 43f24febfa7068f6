"""The benchmarks run, say what they measured, and can be failed; the bars themselves are held by running them."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from benchmarks import __main__ as benchmarks
from benchmarks import command, contenders, elementary, engine, memory, month, objects, page, profile, store, study
from benchmarks.bars import Bar, Report, aligned, spoken
from benchmarks.clock import Spent, best, spent

BUSY = 5
"""How much slower than a bar a busy machine may be."""


def test_a_bar_is_met_at_its_limit_missed_beyond_it_and_never_met_by_what_is_not_a_number() -> None:
    assert Bar("speed", 3.0, 3.0, least=True).met
    assert not Bar("speed", 2.9, 3.0, least=True).met
    assert Bar("time", 0.5, 0.5).met
    assert not Bar("time", 0.6, 0.5).met
    assert not Bar("time", math.nan, 0.5).met
    assert not Bar("speed", math.nan, 0.5, least=True).met
    assert str(Bar("time", 0.6, 0.5)).startswith("MISSED")


def test_a_report_shows_its_table_above_its_bars() -> None:
    report = Report("Speed", ("", "ns"), [("exp", "7"), ("normal", "13")], [Bar("ns for exp", 7, 15)])
    assert str(report).splitlines() == [
        "Speed", "        ns", "exp      7", "normal  13", "met     ns for exp: 7, bar: at most 15",
    ]  # fmt: skip
    assert len({len(line) for line in aligned([("a", "1"), ("long", "1,000")])}) == 1


@pytest.mark.parametrize(
    ("limit", "given", "code"),
    [(math.inf, ["--strict"], 0), (0.0, ["--strict"], 1), (0.0, [], 0)],
    ids=["met", "missed and strict", "missed"],
)
def test_only_strict_makes_a_missed_bar_an_error(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], limit: float, given: list[str], code: int
) -> None:
    report = Report("Draws", ("", "ns"), [("one", "7")], [Bar("ns", 7.0, limit)])
    monkeypatch.setattr(benchmarks, "BENCHMARKS", {"draws": lambda tiny: report})
    assert benchmarks.main(["draws", *given]) == code
    assert ("MISSED" in capsys.readouterr().out) == (limit == 0)


def test_an_unknown_benchmark_is_refused_before_anything_runs(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as refusal:
        benchmarks.main(["mnoth"])
    assert refusal.value.code == 2
    assert "no benchmark called mnoth" in capsys.readouterr().err


def test_a_page_of_some_benchmarks_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        benchmarks.main(["month", "--page", str(tmp_path / "speed.md")])
    assert "a page shows all benchmarks" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_all_run_unless_some_are_named_and_the_profiles_only_when_named(monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[str] = []

    def noting(name: str) -> object:
        return lambda tiny: ran.append(name) or Report(name, ("",), [])  # type: ignore[func-returns-value]

    monkeypatch.setattr(benchmarks, "BENCHMARKS", {name: noting(name) for name in benchmarks.BENCHMARKS})
    assert benchmarks.main([]) == 0
    assert ran == ["month", "objects", "memory", "help", "draws", "maths", "measures", "engine", "store", "study"]
    ran.clear()
    benchmarks.main(["institutions", "profile", "month"])
    assert ran == ["institutions", "profile", "month"]


def test_time_is_what_the_work_took_and_the_best_is_the_least() -> None:
    assert spent(lambda: sum(range(200_000))).cpu > 0
    calls: list[int] = []
    least = best(lambda: calls.append(1), 4)
    assert len(calls) == 4
    assert 0 <= least.cpu < 1
    assert 0 < least.wall < 1


def test_the_month_is_lived_by_as_many_households_as_asked_for() -> None:
    for households in (1_000, 100_000, 1_000_000):
        sets = month.settings(households)
        assert sets["population.villages"] * sets["population.households"] == households
        assert households / sets["population.counties"] <= max(month.COUNTY, households / 4)
    model = month.made(1_000)
    assert len(model.world) == 1_000
    first = model.world.clock.month
    assert model.world.clock.december
    month.year_of(model, 1)
    assert model.world.clock.month == first + 12


@pytest.mark.parametrize("kind", month.MONTHS)
def test_the_month_is_within_five_times_its_bar(kind: str) -> None:
    sets, bar = month.MONTHS[kind]
    model = month.made(50_000, sets)
    year = month.year_of(model, 1)
    assert 12 * len(model.world) / year.cpu > bar / BUSY


def test_without_families_and_minds_nobody_ages_and_nobody_works_less_for_want_of_drive_or_for_relief() -> None:
    model = month.made(1_000, month.CORE)
    home = model.world.households
    ages = home.age_1.copy()
    month.year_of(model, 1)
    assert (home.age_1 == ages).all()
    assert (home.labour == 1.0).all()
    assert model.world.processes["motivation"].effort == 0


def test_objects_and_columns_live_the_same_life_from_the_same_draws() -> None:
    assert objects.largest_difference(300, 14) < 1e-12


def test_a_rule_that_differs_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(objects.Living, "_work", lambda self, world: None)
    assert objects.largest_difference(100, 2) > 0.1


def test_everything_that_can_befall_a_household_befalls_some() -> None:
    rows = objects.Rows(objects.beginning(5_000))
    before = {name: column.copy() for name, column in rows.table(objects.RowHousehold).data.items()}
    for _ in range(6):
        rows.step()
    now = rows.table(objects.RowHousehold).data
    assert (now["debt"] > 0).any()
    assert (now["migrant"] > before["migrant"]).any()
    assert (now["migrant"] < before["migrant"]).any()
    assert (now["poor"]).any()
    assert (~now["poor"]).any()
    assert (now["spell"] < 6).any()


def test_columns_are_faster_than_objects_by_a_fifth_of_the_bar() -> None:
    state = objects.beginning(8_192)
    times: list[Spent] = []
    for model in (objects.Plain(state), objects.Rows(state)):
        model.step()
        times.append(best(model.step, 2))
    assert times[0].cpu / times[1].cpu > objects.RATIO / BUSY


def test_memory_is_counted_from_the_arrays_themselves() -> None:
    model = month.made(1_000)
    model.step()
    parts = memory.parts_of(model)
    read = sum(page.column is not None for page in model.world.ledger.postings.pages.values())
    assert 5 < read < len(model.world.ledger.flows) / 2
    assert 8_000 * read <= parts["flows of the month"] < 8_000 * (read + 4)
    assert model.world.ledger.flows["repayment_kin"].any()
    assert memory.parts_of(model)["flows of the month"] >= 8_000 * (read + 1)
    assert parts["twelve-month accounts"] == 1_000 * 12 * 4 * len(model.world.accounts.rings)
    assert 100_000 < parts["household columns"] < 1_000_000
    model.world.recall("targeted", "a new column", np.float64, 0.0)
    assert memory.parts_of(model)["memory of policies"] == parts["memory of policies"] + 8_000


def test_the_memory_of_a_fresh_process_is_counted_to_the_last_byte_and_within_its_bar() -> None:
    found = memory.child(20_000, 2)
    assert found[memory.IN_ALL] / 20_000 < memory.BAR
    names = list(found)
    parts = names[: names.index(memory.IN_ALL)]
    assert sum(found[name] for name in parts) == found[memory.IN_ALL]
    assert found[memory.IN_ALL] < found["at most within a month"]
    assert memory.run(tiny=True).bars[0].limit == memory.BAR


def test_help_is_timed_and_a_command_that_fails_is_not() -> None:
    assert command.run(tiny=True).bars[0].measured < BUSY * command.BAR_S
    with pytest.raises(Exception, match="returned non-zero exit status 3"):
        command.answered(["sh", "-c", "exit 3"], 1)


@pytest.mark.parametrize("run", [elementary.draws, elementary.functions])
def test_draws_and_functions_are_timed_at_three_sizes(run: object) -> None:
    report = run(True)  # type: ignore[operator]
    assert all(float(cell) > 0 for row in report.rows for cell in row[1:])
    assert {bar.what.removeprefix("nanoseconds for ") for bar in report.bars} <= set(elementary.BARS)


def test_the_profile_names_the_processes_of_the_month_and_sums_to_no_more_than_it() -> None:
    report = profile.run(tiny=True)
    each = {row[0]: float(row[1]) for row in report.rows}
    assert {"Business.run", "Illness.run", "Coping.run", "Dibao.claim", "support", "record"} <= set(each)
    verbs = {name.removeprefix(profile.VERB): each.pop(name) for name in list(each) if name.startswith(profile.VERB)}
    inside = sum(value for name, value in each.items() if name != profile.ALL and not name.endswith(".claim"))
    assert 0.5 * each[profile.ALL] < inside <= 1.02 * each[profile.ALL]
    assert sum(verbs.values()) == pytest.approx(inside, rel=0.02)
    assert verbs["pay"] == each["Bills.run"]


def test_what_institutions_add_is_the_difference_of_two_profiles() -> None:
    each = {row[0]: [float(cell) for cell in row[1:]] for row in profile.institutions(tiny=True).rows}
    assert {"Withdrawal.run", "Trust.run", "Teams.run", "Worthies.run", "Dibao.claim", "support"} <= set(each)
    for without, within, more in each.values():
        assert more == pytest.approx(within - without, abs=0.151)
    for name in (profile.ALL, "support", "Teams.run", "Cadres.run"):
        assert each[name][1] > 0


def test_how_many_times_dearer_institutions_make_the_month_is_held_against_its_bar() -> None:
    report = month.run(tiny=True)
    bars = {bar.what: bar for bar in report.bars}
    ratio = bars["with all institutions, times the whole month at 1,000"]
    per_second = [bars[f"{kind}, a second at 1,000 households"].measured for kind in (month.WHOLE, month.WITH_ALL)]
    assert ratio.measured == pytest.approx(per_second[0] / per_second[1])
    assert (ratio.limit, ratio.least) == (1.5, False)


def test_the_page_holds_every_table_and_names_the_three_dearest_verbs() -> None:
    verbs = [
        (f"{profile.VERB}{name}", f"{cost}", "", "", "") for name, cost in (("earn", 9.5), ("work", 8.0), ("pay", 7.0))
    ]
    plain = Report("Speed", ("", "ns"), [("one", "7")], [Bar("ns for one", 7.0, 15.0), Bar("ns for two", 70.0, 15.0)])
    reports = {**dict.fromkeys(benchmarks.BENCHMARKS, plain), "profile": Report("Profile", ("",) * 5, verbs)}
    written = page.written(reports)
    assert "The three dearest verbs are *earn* (9.5 ns), *work* (8.0 ns) and *pay* (7.0 ns)." in written
    assert written.count("| one | 7 |") == len(reports) - 1
    assert "| ns for one | 7 | at most 15 | met |" in written
    assert "| ns for two | 70 | at most 15 | missed |" in written


def test_the_page_of_the_documentation_is_about_the_bars_that_are_held() -> None:
    shown = (Path(__file__).parents[1] / "docs" / "speed.md").read_text(encoding="utf-8")
    for _, bar in month.MONTHS.values():
        assert f"at least {bar:,.0f} |" in shown
    for limit in (month.RATIO, month.LIFE_BAR_S, memory.BAR, command.BAR_S, profile.FAMILY_BAR):
        assert f"at most {spoken(limit)} |" in shown
    assert f"at least {spoken(objects.RATIO)} |" in shown


def test_every_engine_that_is_there_does_all_runs_and_has_its_line() -> None:
    report = engine.run(tiny=True)
    assert [row[0] for row in report.rows] == list(engine.NAMES.values())
    lines = dict(zip(engine.NAMES, report.rows, strict=True))
    for name in ("bare", "supervised", "pool", "mesa"):
        assert float(lines[name][1]) > 0.5 * engine.FEW * contenders.BURN_S / contenders.WORKERS
    assert [bar.limit for bar in report.bars] == [engine.WALL, engine.CPU_MS, engine.GROWN_MB]
    assert report.bars[2].met


def test_an_engine_that_loses_a_run_is_not_timed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "measured", lambda name, runs: {"did": runs - 1, "wall": 1.0, "cpu": 1.0})
    with pytest.raises(AssertionError, match="pool lost runs"):
        engine.least("pool", 10, 1)


def test_a_study_is_driven_to_its_last_table_and_its_bar_is_about_the_larger() -> None:
    report = study.run(tiny=True)
    assert [row[0] for row in report.rows] == [f"{study.FEW // 10:,} runs", f"{study.FEW:,} runs"]
    assert [(bar.limit, bar.least) for bar in report.bars] == [(study.GROWN_MB, False)]
    assert 0 < report.bars[0].measured < study.GROWN_MB


def test_the_store_keeps_all_runs_within_its_bars() -> None:
    report = store.run(tiny=True)
    assert all(float(row[1].replace(",", "")) >= 0 for row in report.rows)
    assert [bar.limit for bar in report.bars] == [store.JOURNAL_MS, store.SHARD_MS, store.LIST_S, store.GROWN_MB]
    assert all(bar.measured < BUSY * bar.limit for bar in report.bars)
