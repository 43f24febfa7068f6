"""Money: in every month of scenarios that hypothesis makes, each fen comes from somewhere and goes somewhere."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings

from fupin_sim.ledger import ACCOUNTS, CREDITORS, FLOWS
from fupin_sim.model import BooksDoNotBalance, PovertyModel
from fupin_sim.simulation import resume, simulate, snapshot
from tests.identities.lives import lived
from tests.strategies import scenario_of, scenarios

# Who is on the other side of a flow, said once more so that the table in the ledger is not tested against itself.
PAID_TO_HOUSEHOLDS = {
    "market": ("business", "project", "sale"), "cooperatives": ("dividend",), "employers": ("wage",),
    "bank": ("property", "loan_bank", "loan_microcredit"),
    "kin": ("loan_kin",), "state": ("support", "reimbursement", "captured"), "suppliers": ("loan_arrears",),
}  # fmt: skip
PAID_BY_HOUSEHOLDS = {
    "market": ("consumption", "investment", "ceremony"), "clinics": ("medical_bill",), "schools": ("school_bill",),
    "cooperatives": ("fee",),
    "bank": ("repayment_bank", "repayment_microcredit"), "kin": ("repayment_kin",), "suppliers": ("repayment_arrears",),
}  # fmt: skip
NO_CASH = (
    *(f"{what}_{creditor}" for what in ("interest", "written_off") for creditor in CREDITORS),
    "subsidy_microcredit", "service",
)  # fmt: skip


def test_every_flow_is_in_exactly_one_place_of_these_tables():
    named = [name for table in (PAID_TO_HOUSEHOLDS, PAID_BY_HOUSEHOLDS) for names in table.values() for name in names]
    assert sorted([*named, *NO_CASH]) == sorted(FLOWS)
    assert {*PAID_TO_HOUSEHOLDS, *PAID_BY_HOUSEHOLDS} == set(ACCOUNTS)


# ---- identities of a month, or of the months together


def what_outside_accounts_pay_and_are_paid_is_what_households_gain_and_lose(scenario, months):
    for month in months:
        net = Counter(dict.fromkeys(ACCOUNTS, 0.0))
        for account, names in PAID_TO_HOUSEHOLDS.items():
            net[account] -= month.total(*names)
        for account, names in PAID_BY_HOUSEHOLDS.items():
            net[account] += month.total(*names)
        assert net.total() + float(month.after.wealth.sum()) == float(month.before.wealth.sum())


def a_creditor_is_owed_what_it_lent_and_charged_less_what_came_back_or_was_written_off(scenario, months):
    for month in months:
        for creditor in CREDITORS:
            lent, back, charged, lost = (
                month.flows[f"{what}_{creditor}"] for what in ("loan", "repayment", "interest", "written_off")
            )
            given = month.flows.get(f"subsidy_{creditor}", 0.0)
            owed = month.before.debts[creditor] + lent + charged - back - lost - given
            assert (owed == month.after.debts[creditor]).all()


def all_money_is_whole_fen_and_no_purse_and_no_debt_is_below_nothing(scenario, months):
    for month in months:
        for column in (
            month.after.wealth, *month.after.debts.values(), *month.flows.values(), *month.paid.values()
        ):  # fmt: skip
            assert (column >= 0).all()
            assert (column == np.rint(column)).all()


def no_bill_is_left_unpaid(scenario, months):
    """What the purse cannot pay stands in the arrears, and who lives on credit eats the hunger floor and no more."""
    need = scenario.process("consumption")
    each = need["floor_share"] * need["need"] * 100.0 / 12
    for month in months:
        on_credit = month.flows["loan_arrears"] > 0
        least = np.rint(np.rint(month.home["members"] * each) * scenario.process("coping")["hunger_floor"])
        assert (month.flows["consumption"] >= least).all()
        assert (month.flows["consumption"][on_credit] == least[on_credit]).all()
        assert (month.after.wealth[on_credit] == 0).all()
        # A loan for production is spent on it before anybody knows whether the purse will do.
        assert (month.flows["investment"][on_credit] == month.flows["loan_microcredit"][on_credit]).all()


def capital_and_people_stay_within_their_bounds(scenario, months):
    for month in months:
        home = month.home
        assert np.isfinite(home["capital"]).all()
        assert (home["capital"] >= 0).all()
        for name in ("migrants", "disabled", "months_sick", "months_caring"):
            assert (home[name] >= 0).all(), name
        assert (home["migrants"] + home["disabled"] <= home["workers"]).all()
        assert (home["workers"] <= home["members"]).all()


def twelve_month_accounts_are_the_sum_of_the_last_twelve_months(scenario, months):
    counted = scenario.process("bookkeeping")["count_reimbursement"]
    sources = ["business", "wage", "property", "support", "project", "dividend", "captured"]
    sources += ["reimbursement"] if counted else []
    relieving = {entry.name for entry in scenario.policies if entry.cls.relief}
    for i in range(11, len(months)):
        year, home = months[i - 11 : i + 1], months[i].home
        earned = sum(m.flows[name] for m in year for name in sources) - sum(m.flows["fee"] for m in year)
        assert (home["income12"] == earned).all()
        assert (home["support12"] == sum(m.flows["support"] for m in year)).all()
        own = sum(m.flows["medical_bill"] + m.flows["school_bill"] - m.flows["reimbursement"] for m in year)
        assert (home["bills12"] == own).all()
        relief = sum((paid for m in year for name, paid in m.paid.items() if name in relieving), np.zeros(len(own)))
        assert (home["relief12"] == relief).all()
        assert (home["poor"] == (home["income12"] < home["members"] * (100.0 * months[i].line))).all()


def the_tally_of_a_year_is_the_sum_of_its_months(scenario, months):
    sums: Counter[str] = Counter()
    for month in months:
        if month.number % 12 == 0:
            sums.clear()
        sums.update({name: float(column.sum()) for name, column in month.flows.items()})
        assert dict(sums) == month.tally


def every_fen_that_leaves_a_fund_arrives_leaks_or_administers(scenario, months):
    for month in months:
        for fund in month.funds.values():
            parts = [month.outlays[name] for name in fund.policies if name in month.outlays]
            out = sum((p.received + p.leaked + p.administered for p in parts), np.zeros(len(fund.spent)))
            assert (fund.spent == out).all()
            assert (fund.opened - fund.spent == fund.balance).all()
            assert (fund.balance >= 0).all()
        given = [column for each in (month.paid, month.insured, month.guaranteed) for column in each.values()]
        assert sum(float(outlay.received.sum()) for outlay in month.outlays.values()) == sum(map(np.sum, given))
        assert month.paid.keys() == month.claims.keys()
        assert month.outlays.keys() == {*month.paid, *month.insured, *month.guaranteed, *month.running}


def what_policies_give_arrives_by_the_flow_each_names(scenario, months):
    flows = {entry.name: entry.cls.flow for entry in scenario.policies}
    for month in months:
        for flow in ("support", "service", "subsidy_microcredit"):
            mine = [paid for name, paid in month.paid.items() if flows[name] == flow]
            assert (month.flows[flow] == sum(mine, np.zeros(len(month.after.wealth)))).all()


def of_a_bill_basic_insurance_pays_its_part_and_policies_no_more_than_the_rest(scenario, months):
    cover = scenario.process("illness")["covered"]
    for month in months:
        bill, back = month.flows["medical_bill"], month.flows["reimbursement"]
        by_policies = sum(month.insured.values(), np.zeros(len(bill)))
        assert (back - by_policies <= np.rint(bill * cover)).all()
        assert (back <= bill).all()
        thins = any(entry.values.get("ordinary", cover) != cover for entry in scenario.policies)
        if not thins:
            assert (back - by_policies == np.rint(bill * np.clip(1.0 - (1.0 - cover), 0.0, 1.0))).all()


def what_is_guaranteed_is_a_part_of_what_is_written_off(scenario, months):
    for month in months:
        for name, fen in month.guaranteed.items():
            assert (fen <= month.flows["written_off_microcredit"]).all(), name


def microcredit_is_spent_on_capital_in_the_month_it_is_lent(scenario, months):
    for month in months:
        assert (month.flows["investment"] >= month.flows["loan_microcredit"]).all()


def administration_is_its_share_of_what_is_received_or_leaks(scenario, months):
    shares = {entry.name: entry.values["administration"] for entry in scenario.policies}
    for month in months:
        for name, outlay in month.outlays.items():
            # Rounded once when claims are settled and once when bills or guarantees are.
            on_top = outlay.administered - month.running.get(name, 0.0)
            assert (np.abs(on_top - shares[name] * (outlay.received + outlay.leaked)) < 2).all()


def a_fund_holds_last_months_balance_and_its_budget_and_keeps_its_part_of_it_in_january(scenario, months):
    carry_over = scenario.section("funds")["carry_over"]
    for before, month in pairwise(months):
        for name, fund in month.funds.items():
            kept = before.funds[name].balance
            kept = np.floor(kept * carry_over) if month.number % 12 == 0 else kept
            treasury = fund.spent if fund.open_ended else 0.0
            assert (fund.opened == kept + fund.budget + treasury).all()
    assert all((f.balance == f.budget - f.spent).all() for f in months[0].funds.values() if not f.open_ended)


def what_leaks_is_its_part_of_what_is_paid_out_and_elites_pocket_no_more_than_theirs(scenario, months):
    delivery = scenario.process("delivery")
    for month in months:
        pocketed = np.bincount(month.home["county"], month.flows["captured"])
        assert (sum((outlay.captured for outlay in month.outlays.values()), np.zeros(len(pocketed))) == pocketed).all()
        for name, outlay in month.outlays.items():
            assert (outlay.captured <= delivery["elite"] * outlay.leaked).all()
            paid = month.paid.get(name, np.zeros(len(month.home["county"])))
            # More may leak than usual where a team does harm; each household's leakage is rounded to the fen.
            part = min(delivery["leakage"] * (1.0 + delivery["leakage_exposure"]), 1.0) if delivery["on"] else 0.0
            households = by_county(month, np.ones(len(paid)))
            assert (outlay.leaked * (1.0 - part) <= part * by_county(month, paid) + households * (part > 0)).all()


def by_county(month, fen):
    return np.bincount(month.home["county"], fen)


def gone_out(month, name):
    """What has left the fund for a claim, per county."""
    return by_county(month, month.paid[name]) + month.outlays[name].leaked


def unmet(month, name):
    """What was claimed and has not left the fund, per county."""
    return by_county(month, month.claims[name]) - gone_out(month, name)


def claims_are_met_in_full_unless_the_fund_is_empty(scenario, months):
    for month in months:
        for fund in month.funds.values():
            mine = [name for name in fund.policies if name in month.claims]
            for name in mine:
                assert (month.paid[name] <= month.claims[name]).all()
                if fund.open_ended:
                    assert (unmet(month, name) == 0).all()
            for county in range(len(fund.balance)):
                if any(unmet(month, name)[county] for name in mine):
                    # Each policy's part and its administration are rounded down, by less than 3 fen together.
                    assert fund.balance[county] <= 3 * len(mine)


def who_comes_first_is_paid_first(scenario, months):
    """While a claim of an earlier priority is unmet, nothing is paid to a later one but what rounding leaves."""
    rank = {entry.name: entry.values["priority"] for entry in scenario.policies}
    for month in months:
        for fund in month.funds.values():
            mine = [name for name in fund.policies if name in month.claims]
            for county in range(len(fund.balance)):
                short = [rank[name] for name in mine if unmet(month, name)[county]]
                later = [gone_out(month, name)[county] for name in mine if short and rank[name] > min(short)]
                assert sum(later) <= 3 * len(mine)


def the_models_own_check_of_the_books_agrees(scenario, months):
    assert [fault for month in months for fault in month.faults] == []


IDENTITIES = (
    what_outside_accounts_pay_and_are_paid_is_what_households_gain_and_lose,
    a_creditor_is_owed_what_it_lent_and_charged_less_what_came_back_or_was_written_off,
    all_money_is_whole_fen_and_no_purse_and_no_debt_is_below_nothing,
    no_bill_is_left_unpaid,
    capital_and_people_stay_within_their_bounds,
    twelve_month_accounts_are_the_sum_of_the_last_twelve_months,
    the_tally_of_a_year_is_the_sum_of_its_months,
    every_fen_that_leaves_a_fund_arrives_leaks_or_administers,
    what_policies_give_arrives_by_the_flow_each_names,
    of_a_bill_basic_insurance_pays_its_part_and_policies_no_more_than_the_rest,
    what_is_guaranteed_is_a_part_of_what_is_written_off,
    microcredit_is_spent_on_capital_in_the_month_it_is_lent,
    administration_is_its_share_of_what_is_received_or_leaks,
    what_leaks_is_its_part_of_what_is_paid_out_and_elites_pocket_no_more_than_theirs,
    a_fund_holds_last_months_balance_and_its_budget_and_keeps_its_part_of_it_in_january,
    claims_are_met_in_full_unless_the_fund_is_empty,
    who_comes_first_is_paid_first,
    the_models_own_check_of_the_books_agrees,
)


@settings(max_examples=60)
@given(scenarios())
def test_the_books_balance_in_every_month(scenario):
    months = lived(scenario)
    for identity in IDENTITIES:
        identity(scenario, months)


# ---- the check can fail

FEW = {
    "population": {"villages": 2, "counties": 1, "households": 3}, "burn_in": {"months": 0}, "scenario": {"years": 1},
    "policy": [{"use": "dibao", "budget": 100.0}],
}  # fmt: skip


class Thief(PovertyModel):
    """A model that moves money beside the books."""

    def _consume(self) -> None:
        getattr(self.world.households, self.column)[0] += self.fen


@pytest.mark.parametrize(
    ("column", "fen", "said"),
    [
        ("wealth", -1.0, "purses differ from their flows"),
        ("wealth", 0.5, "purses differ"),
        ("debt_kin", 1.0, "debt to kin"),
        ("debt_bank", 3.0, "debt to bank"),
        ("debt_arrears", 1.0, "debt to arrears"),
    ],
)
def test_a_fen_beside_the_books_is_found(column, fen, said):
    model = Thief(scenario_of(FEW), check_books=True)
    model.column, model.fen = column, fen
    with pytest.raises(BooksDoNotBalance, match=f"2016-01: .*{said}"):
        model.step()


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda world: world.ledger.post("wage", np.full(6, 0.5)), "wage: a fraction of a fen in row 0"),
        (lambda world: world.ledger.post("sale", np.array([0.0, -7, 0, 0, 0, 0])), "sale: a negative amount in row 1"),
        (lambda world: world.ledger.post("medical_bill", np.full(6, 1e9)), "6 purses are below nothing"),
        (lambda world: world.ledger.post("repayment_kin", np.full(6, 1e9)), "debt to kin: 6 rows are below nothing"),
        (lambda world: world.ledger.post("support", np.ones(6)), "households did not receive what the policies paid"),
        (lambda world: world.funds["dibao"].spend(np.ones(1)), "fund dibao: what was there"),
        (lambda world: world.paid["dibao"].__iadd__(1.0), "policy dibao: what it paid is not what households"),
    ],
)
def test_money_that_a_process_makes_up_is_found(spoil, said):
    class Spoilt(PovertyModel):
        def _record(self):
            spoil(self.world)

    with pytest.raises(BooksDoNotBalance, match=said):
        Spoilt(scenario_of(FEW), check_books=True).step()


def test_simulate_checks_the_books_only_when_asked(monkeypatch):
    monkeypatch.setattr(PovertyModel, "faults", lambda self, before: ["a fen is missing"])
    with pytest.raises(BooksDoNotBalance, match="a fen is missing"):
        simulate(scenario_of(FEW), check_books=True)
    simulate(scenario_of(FEW))


def test_a_branch_without_a_policy_closes_its_fund():
    moment = snapshot(scenario_of(FEW), "2016-06")
    assert moment.funds
    resume(moment, scenario=scenario_of(FEW, policy=[]), check_books=True)
