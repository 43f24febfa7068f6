"""Amounts beyond what the accounts can hold are refused in words, where they are given or where they arise."""

from __future__ import annotations

import numpy as np
import pytest

from fupin_sim.accounts import LARGEST, Accounts, OutOfScale
from fupin_sim.catalogue import BUILT_IN
from fupin_sim.errors import BadInput
from fupin_sim.model import spec_of
from fupin_sim.parameter import parameters_of
from fupin_sim.scenario.settings import Classes
from fupin_sim.simulation import simulate
from tests import survey_files
from tests.command_line import CommandLine, files_in

SMALL = {"population.villages": 4, "population.households": 5, "burn_in.months": 0, "scenario.years": 2}


@pytest.fixture
def fupin(capsys: pytest.CaptureFixture[str]) -> CommandLine:
    return CommandLine(capsys)


class Home:
    """One household's sums."""

    def __init__(self, **sums):
        self.luck = np.zeros(1, np.uint64)
        for name in ("income12", "support12", "relief12", "bills12"):
            setattr(self, name, np.array([sums.get(name, 0.0)]))


def test_accounts_hold_21_million_yuan_a_month_and_not_a_fen_more():
    accounts = Accounts.open(1)
    home = Home()
    accounts.enter(home, "income12", 24_192, np.array([LARGEST]))
    assert home.income12[0] == LARGEST == accounts.rings["income12"][0, 0]
    with pytest.raises(OutOfScale, match=r"income12: 21,474,836 yuan in a month for one household, 2016-02; "):
        accounts.enter(home, "income12", 24_193, np.array([LARGEST + 1]))


def test_what_accounts_are_opened_with_has_the_same_bound():
    most = 12 * (LARGEST - 12)
    assert Accounts.opened_with(Home(income12=most)).rings["income12"].sum(dtype=float) == most
    with pytest.raises(OutOfScale, match=r"bills12: .* at the start; accounts hold 21,474,836"):
        Accounts.opened_with(Home(bills12=12 * LARGEST + 12))


def test_every_amount_in_yuan_has_an_upper_limit():
    classes = Classes.of(BUILT_IN)
    groups = (classes.sections, classes.processes, classes.policies, classes.shocks)
    every = [(name, p) for group in groups for cls in group.values() for name, p in parameters_of(cls).items()]
    amounts = [(name, p) for name, p in every if p.unit.startswith("yuan")]
    assert len(amounts) > 30
    assert [name for name, p in amounts if not (p.limits and p.limits[1])] == []


GROWN = {
    **SMALL, "scenario.years": 60, "process.growth.wage": 0.3, "process.wages.mean": 1e7,
    "measures.use": ["headcount"],
}  # fmt: skip


def test_growth_without_end_is_out_of_scale_at_last_and_says_when():
    with pytest.raises(BadInput, match=r"12: .* yuan in a month for one household, 20\d\d-\d\d") as said:
        simulate(None, sets=GROWN)
    assert isinstance(said.value, OverflowError)
    assert str(said.value).endswith("1 mistake; the run was given up.")


def test_the_command_tells_it_and_keeps_nothing(fupin, tmp_path):
    absurd = {**SMALL, "line.level": 1e7, "policy.dibao.level": 5.0}
    sets = [word for path, value in absurd.items() for word in ("--set", f"{path}={value}")]
    told = fupin("run", "baseline", *sets, "--out", tmp_path / "out")
    assert told.code == 2
    assert "accounts hold 21,474,836" in told.err
    assert "Traceback" not in told.err
    assert files_in(tmp_path) == set()


@pytest.mark.parametrize(
    ("kind", "per"), [*((kind, "household-year") for kind in survey_files.KINDS), (".csv", "person-month")]
)
def test_a_survey_with_a_slip_in_one_row_is_refused_by_that_row(tmp_path, kind, per):
    frame = survey_files.households()
    frame.loc[7, "spent"] *= 1e6
    survey = survey_files.write(frame, tmp_path, kind)
    survey_files.mapping(tmp_path, survey_files.MAPPING.replace("household-year", per))
    (tmp_path / "mine.toml").write_text(survey_files.scenario_text(survey), encoding="utf-8")
    place = "line 9" if kind == ".csv" else "row 8"
    with pytest.raises(BadInput, match=rf'consumption \(column "spent"\): beyond 100,000,000 yuan a .* in {place}\.'):
        simulate(spec_of(tmp_path / "mine.toml"))
