"""What each policy does to those it reaches, beyond what a sentence can say of one month."""

from __future__ import annotations

import numpy as np
import pytest

from fupin_sim.catalogue import BUILT_IN
from fupin_sim.errors import BadInput
from fupin_sim.model import PovertyModel
from fupin_sim.parameter import Dated, Parameter
from fupin_sim.plugins import Policy
from fupin_sim.processes.migration import workers_at_home
from fupin_sim.scenario import load
from tests.identities.lives import lived

FEW = {
    "scenario": {"years": 2, "start": "2016-01", "seed": 7},
    "population": {"counties": 2, "villages": 6, "households": 40},
    "burn_in": {"months": 6},
}  # fmt: skip


def scenario(*policies, years=2, **process):
    tables = {**FEW, "scenario": {**FEW["scenario"], "years": years}, "policy": list(policies), "process": process}
    return load(tables, BUILT_IN)


def months(*entry, **process):
    """The months of a run with one policy, without the burn-in; entry: its items."""
    return lived(scenario(dict(entry), **process))[6:]


def of(use, **options):
    return tuple({"use": use, **options}.items())


def given(month, name):
    """What a policy paid each household in a month by whatever flow, fen."""
    return sum(
        (column[name] for column in (month.paid, month.insured) if name in column), np.zeros(len(month.after.wealth))
    )


# ---- clocks, the same for all

ALL = {
    "medical_reimbursement": {"registered": 0.9},
    "school_aid": {},
    "pension": {"whom": "registered"},
    "return_insurance": {"whom": "registered", "deductible": 0.0, "budget": "none", "pause": 1, "threshold": 9.0},
    "microcredit": {"whom": "registered", "uptake": 0.1},
    "job_service": {"reach": 1.0},
    "training": {"reach": 1.0},
    "aspiration_coaching": {"reach": 1.0},
}  # fmt: skip
"""Policies for the register, with all that could stop their support but the clocks taken away."""


@pytest.mark.parametrize("use", ALL)
def test_support_expires_so_many_months_after_it_began(use):
    whole = months(*of(use, **ALL[use]))
    short = months(*of(use, **ALL[use], expiry=4))
    listed_first = whole[0].home["registered"]
    # Who is listed in the first month has medical cover, which is settled when the month begins, from the second.
    last = 4 + (use == "medical_reimbursement")
    for i, (month, full) in enumerate(zip(short, whole, strict=True)):
        mine = given(month, use)[listed_first]
        if use == "microcredit":
            mine = month.flows["loan_microcredit"][listed_first]
            assert i < last or not mine.any()
        else:
            full_mine = given(full, use)[listed_first]
            assert (mine == full_mine).all() if i < last else not mine.any()
    assert sum(given(month, use)[listed_first].sum() for month in whole[last:]) > 0


@pytest.mark.parametrize("use", ALL)
def test_grace_and_taper_count_from_exit(use):
    """In the second January those who left the register in December are in their first month of grace."""
    # Where nobody invests without a loan, some are left to borrow after a month of lending.
    options, process = ALL[use], {}
    if use == "microcredit":
        options, process = {"start": "2016-12", "uptake": 0.5, "least": 1.0}, {"investment": {"most_of_income": 0.0}}
    run = months(*of(use, **options, grace=2, taper=1), **process)
    left = run[11].home["exited_on"] == run[11].number
    assert left.sum() > 5
    if use == "microcredit":
        kept = [month.flows["loan_microcredit"][left].any() for month in run[12:17]]
        assert kept[3:] == [False, False]
        assert any(kept[:3])
        return
    got = np.array([given(month, use)[left].sum() for month in run[12:17]])
    ever = np.array([given(month, use)[left] > 0 for month in run[12:14]]).any(axis=0)
    assert got[0] + got[1] > 0
    assert ever.any()
    assert (got[3:] == 0).all()
    if use in ("pension", "aspiration_coaching"):  # the same every month, so that the half month is seen
        assert got[2] == pytest.approx(got[1] / 2, abs=100)


@pytest.mark.parametrize("use", ALL)
def test_without_grace_exit_is_a_cliff(use):
    run = months(*of(use, **ALL[use]))
    off = ~run[12].home["registered"]
    assert not given(run[12], use)[off].any() or use in ("medical_reimbursement", "microcredit")
    assert not run[12].flows["loan_microcredit"][off].any()


# ---- medical reimbursement


def test_each_insurer_is_booked_what_its_factor_adds():
    """Two policies and basic insurance share a bill: names decide who comes first, sums do not."""
    process = {"illness": {"risk": 0.3, "covered": 0.4}}
    two = scenario(
        {"name": "a", "use": "medical_reimbursement", "ordinary": 0.7, "registered": 0.7, "stop_loss": "none"},
        {"name": "b", "use": "medical_reimbursement", "ordinary": 0.7, "registered": 0.7, "stop_loss": "none"},
        **process,
    )
    for month in lived(two)[6:9]:
        bill = month.flows["medical_bill"]
        assert (month.flows["reimbursement"] == np.rint(bill * (1 - 0.6 * 0.5 * 0.5))).all()
        assert (month.insured["a"] == np.rint(bill * 0.7) - np.rint(bill * 0.4)).all()
        assert month.outlays["a"].received.sum() == month.insured["a"].sum()
        assert month.outlays["b"].received.sum() == month.insured["b"].sum()


def test_nobody_pays_for_care_that_is_forgone():
    process = {
        "illness": {"risk": 0.5, "log_severity": 0.5},
        "coping": {"forgo_care": 1.0, "kin_limit": 0.0, "bank_limit": 0.0},
    }
    entry = {"use": "medical_reimbursement", "ordinary": 0.6, "stop_loss": 100.0, "stop_loss_for": "all"}
    run = PovertyModel(scenario(entry, **process), check_books=True)
    seen = 0
    for _ in range(6):
        run.step()
        world = run.world
        forgone = (world.households.months_sick > 0) & (world.ledger.flows["medical_bill"] == 0)
        assert not world.insured["medical_reimbursement"][forgone].any()
        outlay = world.outlays["medical_reimbursement"]
        assert outlay.received.sum() == world.insured["medical_reimbursement"].sum()
        seen += forgone.sum()
    assert seen > 0


def test_a_shock_that_thins_insurance_is_no_policys_saving():
    """A policy that raises the own share books nothing; one that lowers it books its own part only."""
    thin = months(*of("medical_reimbursement", ordinary=0.2, registered=0.2, stop_loss="none"))
    assert not any(month.insured["medical_reimbursement"].any() for month in thin)
    assert all(month.outlays["medical_reimbursement"].spent.sum() == 0 for month in thin)
    bills = sum(month.total("medical_bill") for month in thin)
    assert sum(month.total("reimbursement") for month in thin) == pytest.approx(0.2 * bills, rel=1e-6)


# ---- microcredit


def test_a_loan_is_served_paid_back_at_its_end_or_lost():
    run = lived(scenario({"use": "microcredit", "whom": "all", "uptake": 0.3, "term": 6, "end": "2016-06"}))[6:]
    lent = sum(month.total("loan_microcredit") for month in run)
    back = sum(month.total("repayment_microcredit") for month in run)
    lost = sum(month.total("written_off_microcredit") for month in run)
    charged = sum(month.total("interest_microcredit") - month.total("subsidy_microcredit") for month in run)
    assert lent > 0
    assert back > 0
    assert lost > 0
    assert run[-1].after.debts["microcredit"].sum() == 0
    assert lent + charged == back + lost
    due = run[-1].home["microcredit_due"]
    assert (due == 0).all()


def test_the_fund_pays_interest_and_its_part_of_losses():
    entry = {"use": "microcredit", "whom": "all", "uptake": 0.3, "term": 3, "subsidy": 1.0, "compensation": 0.5}
    for month in lived(scenario(entry))[6:18]:
        outlay = month.outlays["microcredit"]
        lost = np.rint(0.5 * month.flows["written_off_microcredit"]).sum()
        assert outlay.received.sum() == month.total("subsidy_microcredit") + lost


def test_loans_raise_capital_and_are_no_rung_of_the_ladder():
    entry = {"use": "microcredit", "whom": "all", "uptake": 1.0}
    with_it, without = lived(scenario(entry))[6], lived(scenario())[6]
    borrowers = with_it.flows["loan_microcredit"] > 0
    assert borrowers.sum() > 20
    assert (with_it.home["capital"][borrowers] > without.home["capital"][borrowers]).all()
    same = ~borrowers
    for name in ("loan_kin", "loan_bank", "sale", "loan_arrears", "consumption"):
        assert (with_it.flows[name][same] == without.flows[name][same]).all()
    # Not a single loan in a month in which the policy is over, however deep the need.
    over = months(*of("microcredit", whom="all", uptake=1.0, end="2016-02"), illness={"risk": 1.0})
    assert sum(month.total("loan_arrears") for month in over[2:]) > 0
    assert sum(month.total("loan_microcredit") for month in over[2:]) == 0


# ---- disaster relief


def test_relief_pays_its_share_of_what_was_destroyed():
    process = {"disaster": {"probability": 1.0, "households_hit": 0.5, "month": 7}}
    entry = {"use": "disaster_relief", "level": 0.0, "assets": 0.4}
    model = PovertyModel(scenario(entry, **process))
    model.live_until(model.spec.start + 5)
    before = model.world.households.capital.copy()
    model.world.processes["disaster"].run = _recorded(model.world.processes["disaster"], lost := {})
    model.step()
    unit = model.world.processes["business"].yuan_per_unit
    due = np.rint(0.4 * (before - lost["after"]) * unit * 100)
    assert (due > 0).sum() > 20
    assert (model.world.paid["disaster_relief"] == due).all()


def _recorded(process, seen):
    """The process, writing down the capital it leaves."""
    run = type(process).run

    def watched(world):
        run(process, world)
        seen["after"] = world.households.capital.copy()

    return watched


# ---- public jobs


def test_a_post_takes_its_part_of_a_worker_from_home_and_search():
    entry = {"use": "public_jobs", "whom": "all", "posts": 0.5, "time": 0.4}
    model = PovertyModel(scenario(entry))
    model.step()
    worked = model.world.paid["public_jobs"] > 0
    model.step()
    factor = model.world.rate("labour")
    able = workers_at_home(model.world.households)
    same = able > 0  # whose workers are where they were when the month began
    assert (factor[~worked] == 1).all()
    assert np.isin(factor[worked & same].round(6), np.round([1 - 0.4 / n for n in range(1, 9)], 6)).mean() > 0.9
    assert (model.world.ledger.flows["support"] >= model.world.paid["public_jobs"]).all()


def test_posts_go_to_the_poorest_of_each_county():
    entry = {"use": "public_jobs", "whom": "all", "posts": 0.1}
    model = PovertyModel(scenario(entry))
    model.step()
    world = model.world
    holds = world.memory["public_jobs"]["holds"] == 1
    for rows in world.counties_as_rows():
        assert holds[rows].sum() == round(0.1 * (rows.stop - rows.start))


# ---- infrastructure


def test_roads_serve_everybody_and_wear_away():
    model = PovertyModel(scenario({"use": "village_infrastructure", "level": 600, "end": "2016-12"}, years=8))
    plain = PovertyModel(scenario(years=8))
    for each in (model, plain):
        each.live_until(each.spec.start + 12)
    built, villages, same = model.world.villages, model.world.villages, plain.world.villages
    # 600 yuan in a year: six times .05, a little less for saturation and wear.
    assert ((built.infrastructure > 1.22) & (built.infrastructure < 1.30)).all()
    assert (same.infrastructure == 1.0).all()
    nearer = 1 - villages.remoteness / villages.remoteness_at_start
    assert ((nearer > 0.19) & (nearer < 0.22)).all()
    more = model.world.households.business_factor > plain.world.households.business_factor
    assert more.all()  # poor or rich
    last = built.infrastructure.copy()
    model.live_until(model.spec.start + 95)
    assert (built.infrastructure - 1) / (last - 1) == pytest.approx((1 - 0.03 / 12) ** 83)


def test_the_remotest_villages_come_first():
    model = PovertyModel(scenario({"use": "village_infrastructure", "reach": 0.34}))
    model.step()
    villages = model.world.villages
    for county in (0, 1):
        rows = villages.county == county
        reached = villages.infrastructure[rows] > 1.0
        assert (
            reached.tolist()
            == (villages.remoteness_at_start[rows] == villages.remoteness_at_start[rows].max()).tolist()
        )


@pytest.mark.parametrize("level", [50.0, 600.0])
def test_neither_infrastructure_nor_remoteness_runs_to_a_bound(level):
    model = PovertyModel(scenario({"use": "village_infrastructure", "level": level}, years=40))
    model.live_until(model.spec.start + 479)
    villages = model.world.villages
    assert 1.0 < villages.infrastructure.mean() < 1.0 + 0.95 * (2.0 - 1.0)
    assert 0.05 < villages.remoteness.mean() < 0.95


# ---- school aid, services


def test_aid_keeps_pupils_at_school():
    process = {"schooling": {"drop_out_base": 0.0}}
    entry = {"use": "school_aid", "level": 1.0, "whom": "all", "keeps": 5.0, "in_burn_in": True}
    with_aid, without = (lived(scenario(*policies, **process))[-1].home for policies in ((entry,), ()))
    at_school = [home["pupils_senior"].sum() + home["pupils_college"].sum() for home in (with_aid, without)]
    assert at_school[0] > 1.5 * at_school[1]


@pytest.mark.parametrize(
    ("use", "name"), [("training", "technique_training"), ("training", "training"), ("aspiration_coaching", "coach")]
)
def test_a_service_is_felt_in_proportion_to_what_was_paid(use, name):
    model = PovertyModel(scenario({"use": use, "whom": "all", "reach": 1.0, "budget": 50.0}))
    model.step()
    paid = model.world.paid[use]
    assert model.world.intensity(name) == 0.0
    model.step()
    felt = model.world.intensity(name)
    full = model.world.policies[use].cost / 12 * 100
    assert felt == pytest.approx(paid / full * felt.max() / (paid / full).max(), rel=1e-6)
    assert 0 < (paid / full).max() < 1


def test_those_reached_are_others_each_year_and_the_same_within_it():
    run = months(*of("aspiration_coaching", whom="all", reach=0.4))
    reached = [month.paid["aspiration_coaching"] > 0 for month in run]
    assert all((reached[0] == each).all() for each in reached[:12])
    assert (reached[0] != reached[12]).any()
    assert 0.3 < reached[0].mean() < 0.5


# ---- premiums


def test_a_premium_is_given_for_the_year_and_what_is_left_goes_back():
    entry = {"use": "return_insurance", "budget": 12.0, "deductible": 0.0, "in_burn_in": True}
    run = lived(scenario(entry))
    assert run[0].number % 12 == 6  # the burn-in begins in July: half a premium
    people = np.array([run[0].home["members"][run[0].home["county"] == county].sum() for county in (0, 1)])
    assert (run[0].funds["return_insurance"].opened == 600 * people).all()
    january = run[6]
    people = np.array([january.home["members"][january.home["county"] == county].sum() for county in (0, 1)])
    assert (january.funds["return_insurance"].opened == 1200 * people).all()


# ---- what a user's policy is told


class Gift(Policy):
    flow = "presents"

    def claim(self, world):
        return np.zeros(len(world))


def test_a_flow_that_policies_cannot_give_by_is_refused():
    model = PovertyModel(scenario())
    model.world.policies["gift"] = Gift("gift", {})
    with pytest.raises(BadInput, match=r'gift: policies cannot give by the flow "presents".*Flows: support, service'):
        model.step()


def test_an_intensity_or_creditor_that_does_not_exist_is_refused():
    world = PovertyModel(scenario()).world
    with pytest.raises(BadInput, match=r'me: no intensity called "coaching".*coach'):
        world.intensify("coaching", 1.0, "me")
    with pytest.raises(BadInput, match=r'me: no creditor called "banks".*bank'):
        world.promises.guarantee("banks", 0.5, "me")


def test_intensities_add_up_in_the_order_of_names():
    world = PovertyModel(scenario()).world
    world.intensities.reset()
    assert world.intensity("coach") == 0.0
    for name in ("b", "a", "a"):
        world.intensify("coach", np.full(len(world), 0.1), name)
    assert world.intensity("coach") == pytest.approx(0.3)
    assert (world.intensity("coach") == (0.1 + 0.1) + 0.1).all()


def test_none_may_be_said_where_a_parameter_is_optional():
    class Cover:
        limit = Dated(5_000.0, unit="yuan", optional=True)
        other = Parameter(5_000.0, unit="yuan")

    assert Cover.limit.accept("none") is None
    assert Cover.limit.accept({"2016": "none", "2018": 3}).values == (None, 3.0)
    with pytest.raises(ValueError, match="must be a number"):
        Cover.other.accept("none")


# ---- macro shock


def test_a_macro_shock_costs_jobs_everywhere_or_in_some_counties():
    def run(**shock):
        tables = {**FEW, "policy": [], "shock": [{"use": "macro", "at": ["2016-02"], **shock}]}
        return lived(load(tables, BUILT_IN))[6:]

    plain, shocked, cut = run(job_loss=1.0), run(), run(job_loss=1.0, wage=0.8)
    before, during = (slice(0, 1), slice(1, 4))
    for part, worse in ((before, False), (during, True)):
        fewer = [
            a.home["migrants"].sum() < b.home["migrants"].sum() for a, b in zip(shocked[part], plain[part], strict=True)
        ]
        assert all(fewer) == worse
    assert cut[2].total("wage") == pytest.approx(0.8 * plain[2].total("wage"), rel=1e-6)
    assert cut[4].home["migrants"].sum() == plain[4].home["migrants"].sum()
