"""P6: ruinous bills for health are about as common among the rich as among the poor."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fupin_sim.measures.mean import ratio
from fupin_sim.model import PovertyModel, spec_of
from fupin_sim.patterns.pattern import Numbers, Part, Pattern, Sets
from fupin_sim.processes.illness import NON_FOOD, reference_consumption
from fupin_sim.world import Array, Flags, World

YEARS = 5
RUINOUS = 0.4


def run(seed: int, sets: Sets) -> Numbers:
    """Five years without support; the years are pooled."""
    model = PovertyModel(spec_of("no_support", {"scenario.years": YEARS, **sets}), seed=seed)
    struck: list[Flags] = []
    fifth: dict[str, list[NDArray[np.int64]]] = {name: [] for name in ("spending", "income", "consumption")}
    while model.running:
        model.step()
        world = model.world
        if world.clock.december:
            home = world.households
            people = home.members.astype(np.float64)
            struck.append(ruined(world))
            fifth["spending"].append(fifths((home.consumption_of_year + home.bills12) / people, people))
            fifth["income"].append(fifths(world.income_pc(), people))
            fifth["consumption"].append(fifths(home.consumption_of_year / people, people))
    shares = {name: by_fifth(np.concatenate(struck), np.concatenate(each)) for name, each in fifth.items()}
    over = {name: ratio(share[0], share[4]) for name, share in shares.items()}
    return {
        "poorest over richest": over["spending"], "poorest fifth": shares["spending"][0],
        "richest fifth": shares["spending"][4], "poorest over richest by income": over["income"],
        "poorest over richest by consumption without bills": over["consumption"],
    }  # fmt: skip


def ruined(world: World) -> Flags:
    """Whose own medical cost of the year reached 40 % of non-food consumption, as `catastrophic_spending` counts it."""
    home, illness = world.households, world.processes["illness"]
    reference = reference_consumption(
        home.income12 / 100.0, home.members, illness.consumption_share, world.processes["consumption"].need
    )
    flags: Flags = home.medical_of_year / 100.0 >= RUINOUS * NON_FOOD * reference
    return flags


def fifths(welfare: Array, people: Array) -> NDArray[np.int64]:
    """The fifth of persons, 0 the poorest, in which a household's first member stands; shape (n,).

    >>> fifths(np.array([5.0, 1.0, 4.0, 2.0, 3.0]), np.ones(5)).tolist()
    [4, 0, 3, 1, 2]
    """
    order = np.argsort(welfare, kind="stable")
    before = np.cumsum(people[order]) - people[order]
    fifth = np.empty(len(welfare), np.int64)
    fifth[order] = (5 * before // people.sum()).astype(np.int64)
    return fifth


def by_fifth(struck: Flags, fifth: NDArray[np.int64]) -> list[float]:
    """The share of the households of each fifth that is struck; missing (NaN) where a fifth is empty.

    Source: 4,269 rural households of Vietnam, 1997–98 (`Ecdat/VietNamH`): .21 of the poorest and .17 of the richest
    fifth by total expenditure per person, medical spending included, a ratio of 1.26.
    """
    return [ratio(float(struck[fifth == i].sum()), float((fifth == i).sum())) for i in range(5)]


P6 = Pattern(
    "P6", "catastrophic spending, poorest over richest fifth", "1.25",
    "rural Vietnam 1997–98; with the data that the package reads, fifths of total expenditure per person give 1.26",
    "`no_support`, 5 years pooled",
    "share of households whose own medical cost reached 40 % of non-food consumption, as the measure "
    "`catastrophic_spending`; fifths of persons by consumption with own bills, as in the survey",
    run, (Part("poorest over richest", "poorest over richest fifth", 1.0, 1.7, 1.25, percent=False),),
    {"poorest fifth": "in the poorest fifth", "richest fifth": "in the richest fifth",
     "poorest over richest by income": "ratio with fifths by income",
     "poorest over richest by consumption without bills": "ratio with fifths by consumption without bills"},
)  # fmt: skip
