"""Over forty years no state runs to a bound, whatever the contested strengths: mind, capital, wealth, debt, trust.

The bounds of motivation, trust, dependence and technique are 0 and 1. The others have these, which their dynamics set:

- capital: 0 and the high aim of each household; who is above lets it wear, and nobody builds beyond;
- wealth: 0 and the purse that consumption alone would let grow, (1 − of_income) / of_wealth months of income;
- debt to kin and bank: 0 and what they lend to a household, which is where a household without means would end.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from fupin_sim import shipped
from fupin_sim.catalogue import BUILT_IN
from fupin_sim.model import PovertyModel
from fupin_sim.parameter import parameters_of
from fupin_sim.scenario import load

BRINGER = f"{Path(__file__).parent / 'identities' / 'bringers.py'}:Bringer"
PEOPLE = {"villages": 6, "counties": 2, "households": 60}
LONG = {"scenario.years": 40, **{f"population.{name}": value for name, value in PEOPLE.items()}}
NO_GROWTH = {"process.growth.on": False}
HIGH_EXPOSURE = {"policy.dibao.level": 1.0, "policy.targeted.relief_share": 0.9}
STRENGTHS = {
    "motivation": ("effort", "push", "coaching", "success", "failure", "reliance", "hunger"),
    "dependence": ("strength", "growing", "coaching", "notch"),
    "technique": ("gain", "worth"),
    "aspiration": ("adaptation", "peers", "lift"),
}
OWNED = ("capital", "wealth", "debt", "trust")
STILL = {"motivation": 0.03, "dependence": 0.06, "technique": 0.01, "aim over income": 0.25, "trust": 0.02}
STILL_WITHOUT_GROWTH = {"capital": 0.05, "wealth": 0.05, "debt": 0.05}
"""By how much the mean of years 30 to 40 may differ from that of years 20 to 30."""
UPWARD = ("push", "success", "coaching")
BROUGHT = [{"name": f"brings_{what}", "use": BRINGER, "intensity": what} for what in ("coach", "technique_training")]


def strengths(end, without=()):
    """All strengths at the low (0) or high (1) end of their plausible ranges; those in `without` at the low one."""
    return {
        f"process.{process}.{name}": parameters_of(BUILT_IN.processes[process])[name].range[
            0 if name in without else end
        ]
        for process, names in STRENGTHS.items()
        for name in names
    }


SETTINGS = {
    "as shipped": ({}, []),
    "as shipped, without growth": (NO_GROWTH, []),
    "without a trap": ({**NO_GROWTH, "process.business.technology": "no_trap"}, []),
    "weakest": ({**NO_GROWTH, **strengths(0)}, []),
    "strongest": ({**NO_GROWTH, **HIGH_EXPOSURE, **strengths(1)}, BROUGHT),
    "strongest downwards": ({**NO_GROWTH, **HIGH_EXPOSURE, **strengths(1, UPWARD)}, []),
}


def owned(world):
    """Capital, wealth and debt as shares of the range that the dynamics leave them; trust."""
    home, use = world.households, world.processes
    consumption, coping = use["consumption"], use["coping"]
    months_of_income = (1.0 - consumption.of_income) / consumption.of_wealth
    lent = 100.0 * (coping.kin_limit * home.trust + coping.bank_limit)
    return {
        "capital": home.capital.mean() / np.maximum(home.aim_low, home.aim_high).mean(dtype=float),
        "wealth": home.wealth.sum() / (months_of_income * home.income12.sum() / 12.0),
        "debt": (home.debt_kin + home.debt_bank).sum() / lent.sum(),
        "trust": home.trust.mean(),
    }


def decembers(sets, brought):
    """Means of each December's states by name, shape (years,); NaN where a state is nobody's."""
    tables = {"extends": "baseline.toml", "policy": brought}
    model = PovertyModel(load(tables, BUILT_IN, sets={**LONG, **sets}, folder=shipped.folder()))
    world, found = model.world, []
    home = world.households
    while model.running:
        model.step()
        if world.clock.december:
            leaning = home.relief12 + home.discretionary12 >= 0.1 * home.income12
            found.append(
                {
                    "motivation": home.motivation.mean(),
                    "effort": (0.5 + 0.5 * home.motivation.astype(float)).mean() / world.counties.usual_effort.mean(),
                    "dependence": home.dependence.mean(),
                    "dependence of the leaning": home.dependence[leaning].mean() if leaning.any() else np.nan,
                    "labour": home.labour.mean(),
                    "technique": home.technique.mean(),
                    "aim over income": home.aspiration.sum(dtype=float) / world.income_pc().sum(),
                    **owned(world),
                }
            )
    return {name: np.array([year[name] for year in found], float) for name in found[0]}


@pytest.mark.parametrize(("sets", "brought"), SETTINGS.values(), ids=SETTINGS)
def test_no_state_runs_to_a_bound(sets, brought):
    """Without teaching there is no technique; all other means of the last ten years lie within 0.05 to 0.95.

    Of dependence that is asked of those for whom relief is a tenth of income or more: over all households its mean is
    some thousandths, for few are on relief. With growth and a constant line there are none of them left after forty
    years; where it does not grow, it is 0 for good.
    """
    states = decembers(sets, brought)
    before, last = (
        {name: np.mean(values[part]) for name, values in states.items()} for part in (slice(20, 30), slice(30, 40))
    )
    assert 0.05 <= last["motivation"] <= 0.95
    assert 0.6 <= last["effort"] <= 1.4
    assert 0.0 <= last["dependence"] <= 0.95
    assert 0.5 <= last["labour"] <= 1.0
    if brought:
        assert 0.05 <= last["technique"] <= 0.95
    else:
        assert not states["technique"].any()
    if sets and sets.get("process.dependence.growing", 1.0):
        assert 0.05 <= last["dependence of the leaning"] <= 0.95
    assert 0.8 <= last["aim over income"] <= 3.0
    for name in OWNED:
        assert 0.05 <= last[name] <= 0.95, name
    still = STILL | STILL_WITHOUT_GROWTH if NO_GROWTH.items() <= sets.items() else STILL
    for name, most in still.items():
        assert abs(last[name] - before[name]) <= most, name
