"""Every switch of every policy has a value at which it vanishes: the month is then one without it, bit for bit.

A new policy, or a new parameter of one, that is in none of these tables fails.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from fupin_sim.catalogue import BUILT_IN
from fupin_sim.claims import CLAIMS
from fupin_sim.model import PovertyModel
from fupin_sim.parameter import parameters_of
from fupin_sim.policies import industry_support, microcredit, monitoring
from fupin_sim.policies.dibao import Dibao
from fupin_sim.policies.disaster_relief import DisasterRelief
from fupin_sim.policies.industry_support import IndustrySupport
from fupin_sim.policies.instrument import Instrument
from fupin_sim.policies.job_service import JobService
from fupin_sim.policies.medical_reimbursement import MedicalReimbursement
from fupin_sim.policies.microcredit import Microcredit
from fupin_sim.policies.monitoring import Look, Monitoring
from fupin_sim.policies.post_support import PostSupport
from fupin_sim.policies.public_jobs import PublicJobs
from fupin_sim.policies.return_insurance import ReturnInsurance
from fupin_sim.policies.school_aid import SchoolAid
from fupin_sim.policies.targeted_transfer import TargetedTransfer
from fupin_sim.policies.team_projects import TeamProjects
from fupin_sim.policies.training import Training
from fupin_sim.policies.village_infrastructure import VillageInfrastructure
from fupin_sim.processes.teams import TeamChannels
from fupin_sim.promises import Promises
from fupin_sim.world import World
from tests.identities.bits import SHARED
from tests.identities.test_nobody_reached import IN_VAIN, REACHES_NOBODY
from tests.strategies import scenario_of

PEOPLE = {**SHARED["population"], "households": 20, "disabled": 0.1}
WORLD = {**SHARED, "scenario": {**SHARED["scenario"], "years": 2}, "population": PEOPLE, "policy": []}
TEAMS = {"teams": {"per_village": 0.7}, "team_channels": {"effect": 0.15}}

# ---- one setting of each policy, in which all of it is felt

MONITORING = {"use": "monitoring", "coverage": "sudden", "capacity": 0.3, "false_alarm": 0.05, "in_burn_in": True}
LOUD = {
    "monitoring.false_alarm": {"capacity": 0.05, "false_alarm": 0.9},
    "monitoring.visits": {"visits": 1.0, "self_report": 0.0, "by_trust": 0.0, "matching": 0.02},
}
"""What a parameter needs besides to be felt among so few."""
LIVELY = {
    "aspiration_coaching": {"whom": "all", "reach": 0.7},
    "dibao": {"level": 1.0, "in_burn_in": True},
    "disaster_relief": {},
    "industry_support": {
        "whom": "all", "uptake": 0.2, "term": 7, "gestation": 1, "failure": 0.6, "goes_on": 0.5, "again": 2,
        "time": 1.0, "search": 3.0,
    },
    "job_service": {"whom": "all", "reach": 0.7},
    "medical_reimbursement": {"stop_loss": 500.0, "stop_loss_for": "all"},
    "microcredit": {"whom": "all", "uptake": 0.3, "term": 5, "least": 10_000.0},
    "monitoring": MONITORING,
    "pension": {},
    "post_support": {"whom": "all"},
    "public_jobs": {"whom": "all", "posts": 0.3},
    "return_insurance": {"deductible": 500.0, "budget": "none", "most": 500.0},
    "school_aid": {"whom": "all"},
    "targeted_transfer": {"grace": 7, "taper": 5, "expiry": 15},
    "team_grants": {},
    "team_projects": {},
    "training": {"whom": "all", "reach": 0.7},
    "uniform_cash": {},
    "village_infrastructure": {"level": 600.0},
}  # fmt: skip
BESIDE = {"medical_reimbursement.monitored": [MONITORING]}
"""Another policy, without which there is nobody to feel it."""
SETTING = {
    "industry_support.advice": {**TEAMS, "team_channels": {"effect": 0.15, "jobs": False}},
    "monitoring.visits": {**TEAMS, "teams": {"per_village": 1.0}},
    "team_projects": {**TEAMS, "mobilisation": {"diverted": 0.0}},
    "team_grants": TEAMS,
    "dibao.observation": {"register": {"observation": "observed"}},
    "by_application": {"delivery": {"on": True}},
    "school_aid.keeps": {"schooling": {"senior_high_from": 2.0}},
}  # fmt: skip


@cache
def lived(name, *turned):
    """The bits of all households and villages at the end; name: a policy and one of its parameters."""
    use, _, key = name.partition(".")
    entry = {"name": use, "use": use, **LIVELY[use], **LOUD.get(name, {}), **dict(turned)}
    process = SETTING.get(name) or SETTING.get(use) or SETTING.get(key) or {}
    return seen([*BESIDE.get(name, []), entry], process)


def seen(policies, process):
    model = PovertyModel(scenario_of(WORLD, policy=policies, process=process))
    model.live_until(model.spec.start + model.spec.months - 1)
    found = {column: values.tobytes() for column, values in model.world.households.data.items()}
    villages = ("infrastructure", "remoteness", "collective_assets")
    return found | {f"village {each}": getattr(model.world.villages, each).tobytes() for each in villages}


def differing(one, other):
    return sorted(name for name in one if one[name] != other[name])


# ---- what the month is without it


def nothing(*_):
    """A hook that does nothing."""


def no_clocks(self, world, title):
    return title.astype(np.float64)


def clocks_without(*clocks):
    """The clocks as they are, of which some have been taken out."""
    run = Instrument._by_clocks

    def by_clocks(self, world, title):
        kept = self.values
        self.values = {**kept, **dict.fromkeys(clocks, 10**6 if "expiry" in clocks else 0)}
        try:
            return run(self, world, title)
        finally:
            self.values = kept

    return by_clocks


def only_the_gap(self, world):
    gap = self.gap(world)
    return gap > 0, np.where(gap > 0, gap * world.households.members, 0.0) / 12


def seen_as_it_is(self, world, rows=None):
    return world.income_pc("net_of_relief", rows)


def no_assets(self, world):
    return world.households.members * self.level


def always_free(self, world):
    return self._started(world) == 0


def at_once(self, world, rows):
    """What a project brings from the month after the grant."""
    yuan = np.zeros(len(world))
    taught = 1.0 - self.needs_training * (1.0 - world.households.technique[rows].astype(np.float64))
    yuan[rows] = self.output / 12 * self._grant(world)[rows] * taught
    if len(rows):
        world.intensify("project", yuan, self.name)


def untaught(self, world, rows):
    """What a project brings to whoever has it, taught or not."""
    rows = rows[world.clock.month - self._started(world)[rows] > self.gestation]
    yuan = np.zeros(len(world))
    yuan[rows] = self.output / 12 * self._grant(world)[rows]
    if len(rows):
        world.intensify("project", yuan, self.name)


def work_without(*parts):
    """What a project does to labour and the search for work, without some of it."""

    def work(self, world, running, over):
        seeking = over[world.clock.month - self._ended(world)[over] < self.search_months]
        finding, labour = np.ones(len(world)), np.ones(len(world))
        if "crowding" not in parts:
            finding[running] = 1.0 - self.crowding
        if "search" not in parts:
            finding[seeking] = self.search
        world.rates.adjust("job_finding", finding, self.name)
        if "time" not in parts and len(running):
            home = world.households
            labour[running] = 1.0 - self.time / np.maximum(home.workers[running] - home.disabled[running], 1)
            world.rates.adjust("labour", labour, self.name)

    return work


def over_is_over(self, world, rows):
    return world.clock.month - self._started(world)[rows] > self.term


def never_fails(self, world, rows):
    return np.zeros(len(rows), bool)


def nobody_at_work(self, world, field):
    return np.zeros(len(world.villages.number)), np.zeros(len(world.villages.number))


def job_service_without(part):
    def bring(self, world, served):
        if part != "finding":
            world.rates.adjust("job_finding", 1.0 + self.finding * served, self.name)
        if part != "wish":
            world.intensify("job_service", self.wish * served, self.name)

    return bring


def training_without(part):
    def bring(self, world, served):
        if part != "technique":
            world.intensify("technique_training", self.technique * served, self.name)
        if part != "schooling":
            world.intensify("training", self.schooling * served, self.name)

    return bring


def monitoring_without(part):
    """The chance to be found, by all ways but one."""

    def chance(self, world, rows):
        village = np.searchsorted(world.villages.number, world.households.village[rows])
        report = 0.0 if part == "self_report" else self.self_report
        trust = 0.0 if part == "by_trust" else self.by_trust * world.households.trust[rows]
        unseen = 1.0 - np.minimum(report + trust, 1.0)
        unseen = unseen * (1.0 - (0.0 if part == "visits" else self.visits * world.villages.exposure_observed[village]))
        return 1.0 - unseen * (1.0 - (0.0 if part == "matching" else self.matching))

    return chance


def drawn_otherwise(*names):
    """Chances of these names fall as they like."""
    draw = World.draw

    def other(self, process, rows=None):
        return draw(self, f"another {process}" if process in names else process, rows)

    return other


def nobody_lacks(self, world, rows):
    return np.zeros(len(rows))


def post_support_without(part):
    def adjust(self, world):
        served = self._served(world)
        if not (self.in_force(world) and served.any()):
            return
        if part != "visits":
            world.intensify("coach", self.visits * served.astype(np.float64), self.name)
        if part != "finding":
            factor, rows = np.ones(len(world)), np.flatnonzero(served)
            factor[rows] += self.finding * served[rows] * self._to_a_job(world, rows)
            world.rates.adjust("job_finding", factor, self.name)

    return adjust


def insured_without(part):
    """What an insurer pays, by a rule that lacks a part."""

    def worth(self, world):
        home, since = world.households, self._paid_on(world)
        short = self.threshold * world.line * 100.0 * home.members - (home.income12 - home.bills12)
        may = (since == 0) | (world.clock.month - since >= self.pause) | (part == "pause")
        before = home.income12_a_year_ago * 100.0 * home.members
        fall = np.maximum(before - home.income12, 0.0)
        if part != "least_fall":
            fall = np.where(before - home.income12 >= self.least_fall * before, fall, 0.0)
        lost = home.bills12 + fall - (0.0 if part == "deductible" else self.deductible * 100.0)
        fen = self.covers * np.minimum(np.maximum(lost, 0.0), short)
        yuan = np.where(may & (short > 0), fen / 100.0, 0.0)
        return yuan if part == "most" else np.minimum(yuan, self.most)

    return worth


def kept(policy, *columns):
    """What the policy pays moves these columns of villages not at all."""
    run = policy.paid

    def paid(self, world, amount):
        before = {name: getattr(world.villages, name).copy() for name in columns}
        run(self, world, amount)
        for name, column in before.items():
            getattr(world.villages, name)[:] = column

    return paid


def nobody_listed(self, world):
    """As it is, of a world in which nobody stands on the list of monitoring."""
    kept = world.households.monitored.copy()
    world.households.monitored[:] = 0
    ADJUST(self, world)
    world.households.monitored[:] = kept


ADJUST = MedicalReimbursement.adjust


def only_true_alarms(self, world, case, look):
    """As it is, of those alone who are at risk."""
    risk = look.at_risk
    ALARM(self, world, case, Look(look.rows[risk], look.county[risk], look.low[risk], risk[risk], look.kind[risk]))


ALARM = Monitoring._alarm


def no_interest_paid(self, world):
    return np.zeros(len(world)) if self.in_force(world) else None


def without_value(cls, key):
    """The policy as if it had never had that parameter."""
    run = cls.__init__

    def begin(self, name="", values=None):
        run(self, name, values)
        del self.values[key]

    return begin


ABSENT = {
    "by_application": (False, Instrument, "_takers", nothing),
    "grace": (0, Instrument, "_by_clocks", clocks_without("grace")),
    "taper": (0, Instrument, "_by_clocks", clocks_without("taper")),
    "expiry": ("none", Instrument, "_by_clocks", clocks_without("expiry")),
}
"""Of what all instruments have: the vanishing value, and what is put where, so that there is no such thing."""
OWN = {
    "dibao.tied": (0.0, Dibao, "offer", only_the_gap),
    "dibao.observation": ("exact", Dibao, "seen", seen_as_it_is),
    "disaster_relief.relief_share": (0.0, DisasterRelief, "__init__", without_value(DisasterRelief, "relief_share")),
    "disaster_relief.assets": (0.0, DisasterRelief, "worth", no_assets),
    "industry_support.goes_on": (0.0, IndustrySupport, "_expires", over_is_over),
    "industry_support.again": ("none", IndustrySupport, "_free", always_free),
    "industry_support.gestation": (0, IndustrySupport, "_produce", at_once),
    "industry_support.output": (0.0, IndustrySupport, "_produce", nothing),
    "industry_support.needs_training": (0.0, IndustrySupport, "_produce", untaught),
    "industry_support.failure": (0.0, IndustrySupport, "_fails", never_fails),
    "industry_support.alike": (
        0.0, industry_support, "homogeneity", lambda county, good, counties, goods: np.zeros(counties),
    ),
    "industry_support.advice": (0.0, TeamChannels, "at_work", nobody_at_work),
    "industry_support.time": (0.0, IndustrySupport, "_work", work_without("time")),
    "industry_support.crowding": (0.0, IndustrySupport, "_work", work_without("crowding")),
    "industry_support.search": (1.0, IndustrySupport, "_work", work_without("search")),
    "industry_support.search_months": (0, IndustrySupport, "_work", work_without("search")),
    "job_service.finding": (0.0, JobService, "bring", job_service_without("finding")),
    "job_service.wish": (0.0, JobService, "bring", job_service_without("wish")),
    "medical_reimbursement.monitored": (0.0, MedicalReimbursement, "adjust", nobody_listed),
    "medical_reimbursement.stop_loss": ("none", Promises, "stop_loss", nothing),
    "microcredit.least": (0.0, microcredit, "max", lambda least, fen: fen),
    "microcredit.subsidy": (0.0, Microcredit, "claim", no_interest_paid),
    "monitoring.little": (0.0, monitoring, "reference_consumption", lambda income, *_: np.zeros(len(income))),
    "monitoring.false_alarm": (0.0, Monitoring, "_alarm", only_true_alarms),
    "monitoring.self_report": (0.0, Monitoring, "_chance", monitoring_without("self_report")),
    "monitoring.by_trust": (0.0, Monitoring, "_chance", monitoring_without("by_trust")),
    "monitoring.visits": (0.0, Monitoring, "_chance", monitoring_without("visits")),
    "monitoring.matching": (0.0, Monitoring, "_chance", monitoring_without("matching")),
    "monitoring.verification": (0.0, World, "draw", drawn_otherwise("monitoring verified")),
    "monitoring.delivery": (0.0, World, "draw", drawn_otherwise("monitoring delivery")),
    "monitoring.cash": (0.0, Monitoring, "claim", nothing),
    "post_support.capital": (0.0, PostSupport, "_lacking", nobody_lacks),
    "post_support.finding": (0.0, PostSupport, "adjust", post_support_without("finding")),
    "post_support.visits": (0.0, PostSupport, "adjust", post_support_without("visits")),
    "public_jobs.time": (0.0, PublicJobs, "adjust", nothing),
    "return_insurance.deductible": (0.0, ReturnInsurance, "worth", insured_without("deductible")),
    "return_insurance.least_fall": (0.0, ReturnInsurance, "worth", insured_without("least_fall")),
    "return_insurance.most": (1e7, ReturnInsurance, "worth", insured_without("most")),
    "return_insurance.pause": (1, ReturnInsurance, "worth", insured_without("pause")),
    "school_aid.keeps": (0.0, SchoolAid, "adjust", nothing),
    "targeted_transfer.relief_share": (
        0.0, TargetedTransfer, "__init__", without_value(TargetedTransfer, "relief_share"),
    ),
    "team_grants.households": (0.0, Instrument, "claim", nothing),
    "team_projects.infrastructure": (0.0, TeamProjects, "paid", kept(TeamProjects, "infrastructure", "remoteness")),
    "team_projects.industry": (0.0, TeamProjects, "paid", kept(TeamProjects, "collective_assets")),
    "team_projects.raises": (0.0, TeamProjects, "paid", kept(TeamProjects, "infrastructure")),
    "team_projects.nearer": (0.0, TeamProjects, "paid", kept(TeamProjects, "remoteness")),
    "training.technique": (0.0, Training, "bring", training_without("technique")),
    "training.schooling": (0.0, Training, "bring", training_without("schooling")),
    "village_infrastructure.raises": (
        0.0, VillageInfrastructure, "paid", kept(VillageInfrastructure, "infrastructure"),
    ),
    "village_infrastructure.nearer": (
        0.0, VillageInfrastructure, "paid", kept(VillageInfrastructure, "remoteness"),
    ),
}  # fmt: skip

WHOLE = {
    "aspiration_coaching.reach": "coaching that reaches nobody",
    "aspiration_coaching.visits": "coaching",
    "dibao.level": "dibao at level nothing",
    "disaster_relief.level": "disaster relief of nothing",
    "industry_support.grant": "industry support of nothing",
    "industry_support.uptake": "industry support nobody takes up",
    "industry_support.dividend": "dividends",
    "job_service.reach": "job service that reaches nobody",
    "medical_reimbursement.registered": "medical cover of what is covered anyhow",
    "medical_reimbursement.ordinary": "medical cover of what is covered anyhow",
    "medical_reimbursement.stop_loss_share": "a stop-loss of nothing",
    "microcredit.most": "microcredit of nothing",
    "microcredit.uptake": "microcredit nobody asks for",
    "monitoring.capacity": "monitoring that can follow nothing up",
    "pension.level": "pension of nothing",
    "public_jobs.wage": "public jobs without wage",
    "public_jobs.posts": "public jobs without posts",
    "return_insurance.budget": "insurance without premium",
    "return_insurance.covers": "insurance that covers nothing",
    "school_aid.level": "school aid of nothing",
    "targeted_transfer.level": "targeted transfer of nothing",
    "training.reach": "training that reaches nobody",
    "uniform_cash.level": "uniform cash of nothing",
    "village_infrastructure.level": "infrastructure of nothing",
    "village_infrastructure.reach": "infrastructure in no village",
}
"""At the value given there nothing of the policy is left: the setting of test_nobody_reached.py that shows it."""
AT = {"medical_reimbursement.registered": 0.5, "medical_reimbursement.ordinary": 0.5}
"""The value at which those vanish that do not at 0: what basic insurance covers anyhow."""
PRICES = {
    "aspiration_coaching.cost": 1.0, "job_service.cost": 1.0, "training.cost": 1.0, "microcredit.compensation": 0.0,
    "monitoring.screening": 0.0, "monitoring.verifying": 0.0, "post_support.job": 1.0, "post_support.visiting": 1.0,
    **{f"{use}.administration": 0.0 for use in BUILT_IN.policies if not use.startswith("team_")},
}  # fmt: skip
"""What something costs, and another price: where no budget binds, accounts hear of it and no household does."""
NO_SWITCH = {
    "start": "a date; what is not in force yet is in test_nobody_reached.py",
    "end": "a date, likewise",
    "in_burn_in": "when it begins",
    "fund": "a name",
    "budget": "a level; of nothing it is in test_nobody_reached.py",
    "priority": "an order among those who share a fund",
    "administration": "of team projects and grants: of money that is there anyhow it leaves less to give",
    "whom": "whom it is meant for",
    "disaster_relief.months": "how long; of nothing it is level = 0",
    "industry_support.form": "one of two instruments",
    "industry_support.term": "how long; a project always ends, or goes on",
    "industry_support.goods": "how many there are to choose from",
    "medical_reimbursement.stop_loss_for": "whom it is meant for",
    "microcredit.term": "how long",
    "monitoring.coverage": "whom it is meant for",
    "monitoring.danger": "the standard of being in danger",
    "monitoring.big_bill": "the standard of having been hit",
    "monitoring.release_at": "the standard of being well",
    "monitoring.release_after": "how long; nobody is released at once",
    "post_support.package": "what is given",
    "return_insurance.threshold": "the standard insured",
}
"""What has no strength, and why."""
COMMON = [f"targeted_transfer.{key}" for key in ABSENT]


def switch(name):
    return OWN.get(name) or ABSENT[name.partition(".")[2]]


def absent(monkeypatch, name):
    _, where, attribute, without = switch(name)
    monkeypatch.setattr(where, attribute, without, raising=where is not microcredit)


@pytest.mark.parametrize("name", [*OWN, *COMMON])
def test_a_switch_at_its_vanishing_value_is_a_policy_without_what_it_switches(name, monkeypatch):
    value, key = switch(name)[0], name.partition(".")[2]
    at_zero, usual = lived(name, (key, value)), lived(name)
    assert differing(at_zero, usual) != []
    absent(monkeypatch, name)
    assert differing(at_zero, lived.__wrapped__(name, (key, value))) == []


@pytest.mark.parametrize("name", WHOLE)
def test_a_policy_that_is_nothing_at_a_value_is_shown_to_reach_nobody_there(name):
    use, _, key = name.partition(".")
    entry = (REACHES_NOBODY | IN_VAIN)[WHOLE[name]]
    assert entry["use"] == use
    assert entry[key] == AT.get(name, 0.0)


@pytest.mark.parametrize("name", PRICES)
def test_a_price_is_heard_of_by_no_household_where_no_budget_binds(name):
    assert differing(lived(name, (name.partition(".")[2], PRICES[name])), lived(name)) == []


TABLES = (OWN, WHOLE, PRICES, NO_SWITCH, ABSENT)


def declared():
    """Every parameter of every built-in policy."""
    return [f"{use}.{key}" for use, cls in BUILT_IN.policies.items() for key in parameters_of(cls)]


def test_every_parameter_of_a_policy_is_a_switch_that_is_turned_or_has_a_reason():
    for name in declared():
        key = name.partition(".")[2]
        own = [table for table in TABLES if name in table]
        of_all = [table for table in (ABSENT, NO_SWITCH) if key in table]
        assert len(own) == 1 or (not own and len(of_all) == 1), name


def test_nothing_is_told_of_that_is_not_there():
    there = {*declared(), *(name.partition(".")[2] for name in declared())}
    assert [name for table in TABLES for name in table if name not in there] == []
    assert set(LIVELY) == set(BUILT_IN.policies)


def test_every_switch_of_a_policy_that_the_claims_name_is_turned_to_that_value():
    standard = {"policy.monitoring.coverage"}  # of S33, where those not covered are looked at
    for claim in CLAIMS:
        for path, value in claim.off.items():
            group, _, name = path.partition(".")
            if group != "policy" or path in standard:
                continue
            if name in WHOLE:
                assert value == AT.get(name, 0.0), path
            elif name in PRICES:
                assert value == PRICES[name], path
            else:
                assert ("none" if value is None else value) == switch(name)[0], path
