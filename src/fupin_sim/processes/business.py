"""Business: income from farm, stock and shop (经营性收入)."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from fupin_sim import maths
from fupin_sim.dynamic_programme import SHIPPED, Technology
from fupin_sim.parameter import Dated, Parameter
from fupin_sim.plugins import Process
from fupin_sim.processes.migration import workers_at_home
from fupin_sim.processes.motivation import effort_of
from fupin_sim.processes.technique import MANY
from fupin_sim.world import Array, World

MOST_WORKERS = 32


class Season(Process):
    """Once a year: the village's season, the household's own luck, and what the place gives."""

    village_spread = Parameter(
        0.24, unit="log", range=(0.1, 0.35), limits=(0.0, 2.0), mark="measured",
        doc="common effect of a year on a village", source="rice farms, plm RiceFarms; a proxy country",
    )  # fmt: skip
    own_spread = Parameter(
        0.28, unit="log", range=(0.15, 0.4), limits=(0.0, 2.0), mark="measured",
        doc="effect of a year on one household", source="rice farms, plm RiceFarms; a proxy country",
    )  # fmt: skip
    remoteness = Parameter(
        0.2, unit="share", range=(0.0, 0.4), limits=(0.0, 1.0), mark="assumed", claim="S42",
        doc="business income that the remotest village loses",
    )  # fmt: skip

    local = False

    def run(self, world: World) -> None:
        if not world.clock.opens_a_year:
            return
        home, villages = world.households, world.villages
        u = world.draws.uniform("season of the village", world.clock.month, villages.luck)
        villages.season[:] = self.village_spread * maths.normal(u)
        variance = self.village_spread * self.village_spread + self.own_spread * self.own_spread
        place = villages.advantage + villages.land + villages.season - 0.5 * variance
        own = self.own_spread * maths.normal(world.draw("season of the household"))
        self._pool(world, own)
        lasting = (1.0 - self.remoteness * villages.remoteness) * maths.power(villages.infrastructure, 0.1)
        home.business_factor[:] = maths.exp(own + world.of_village(place)) * world.of_village(lasting)

    def _pool(self, world: World, own: Array) -> None:
        """Members of a cooperative share part of their own luck, good and bad, with the same mean."""
        cooperatives = world.processes["cooperatives"]
        members, share = cooperatives.members(world), cooperatives.pooling
        if share < 1.0 and len(members):
            own[members] = share * own[members] + 0.5 * (1.0 - share * share) * self.own_spread * self.own_spread

    @property
    def usual_spread(self) -> float:
        """Standard deviation of log business income from year to year."""
        return float(np.sqrt(self.village_spread * self.village_spread + self.own_spread * self.own_spread))


class Business(Process):
    """Capital, ability and the labour at home; in the trap setting a second technology with a fixed cost."""

    technology = Parameter(
        "trap", choices=("trap", "no_trap"), mark="choice", claim="S32",
        doc="two technologies, of which the better has a fixed cost, or one with the same mean income",
        source="Ikegami, Carter, Barrett & Janzen 2016; the evidence for China conflicts, so show both",
    )  # fmt: skip
    unit = Parameter(
        12_600.0, unit="yuan per unit of output", range=(9_000, 16_000), limits=(1.0, 1e6), mark="fitted",
        doc="also the price of one unit of capital",
    )  # fmt: skip
    unit_no_trap = Parameter(
        13_850.0, unit="yuan per unit of output", range=(9_000, 18_000), limits=(1.0, 1e6), mark="fitted",
        doc="the same without a trap, solved so that mean business income agrees within 1 %",
    )  # fmt: skip
    labour = Parameter(
        0.30, unit="elasticity", range=(0.2, 0.45), limits=(0.0, 1.0), mark="assumed", doc="of income to labour at home"
    )
    labour_most = Parameter(
        1.3, unit="factor", range=(1.1, 1.6), limits=(0.0, 10.0), mark="assumed", doc="no more labour helps beyond this"
    )
    helping_hands = Parameter(
        0.15, unit="workers", range=(0.05, 0.5), limits=(0.0, 5.0), mark="assumed",
        doc="labour of the old and the young, there even when all able workers are away",
    )  # fmt: skip
    price = Dated(1.0, unit="factor", range=(0.7, 1.3), limits=(0.0, 10.0), mark="choice", doc="of farm produce")

    def run(self, world: World) -> None:
        home = world.households
        yuan = output(home.capital, home.ability, SHIPPED[self.technology])
        yuan *= self._hands(world)
        yuan *= home.business_factor
        if effort := world.processes["motivation"].effort:
            yuan *= effort_of(home.motivation, world.of_county(world.whole.counties.usual_effort), effort)
        self._technique(world, yuan)
        yuan *= self.yuan_per_unit / 12 * world.growth["business"] * self.price
        if not isinstance(rate := world.rate("business_income"), float) or rate != 1.0:
            yuan *= rate
        prices = world.whole.counties.product_price
        if (prices != 1.0).any():
            yuan *= world.of_county(maths.power(prices, world.processes["product_market"].share))
        if world.whole.villages.disaster.any():
            lost = np.minimum(world.processes["disaster"].yield_lost * world.rate("yield_loss"), 1.0)
            struck = world.of_village(world.whole.villages.disaster.astype(np.float64))
            struck *= -lost
            struck += 1.0
            yuan *= struck
        yuan *= 100.0
        world.ledger.post("business", np.rint(yuan, out=yuan))

    def _technique(self, world: World, yuan: Array) -> None:
        """Multiply by what taught technique adds; exactly 1 where nothing was taught."""
        technique, worth = world.households.technique, world.processes["technique"].worth
        taught = technique > 0
        if MANY * np.count_nonzero(taught) > len(world):
            yuan *= 1.0 + worth * technique
        elif len(rows := taught.nonzero()[0]):
            yuan[rows] *= 1.0 + worth * technique[rows]

    def _hands(self, world: World) -> Array:
        """What the labour at home does to output; looked up, but where only a part of it is offered."""
        home = world.households
        at_home, rate = workers_at_home(home), world.rate("labour")
        hands: Array = labour_factors(self.labour, self.labour_most, self.helping_hands).take(at_home)
        less = (home.labour != 1.0) | (rate != 1.0)
        less &= at_home > 0
        part = less.nonzero()[0]
        if len(part):
            workers = home.labour[part].astype(np.float64)
            workers *= rate[part] if isinstance(rate, np.ndarray) else rate
            workers *= at_home[part]
            hands[part] = labour_factor(workers, self.labour, self.labour_most, self.helping_hands)
        return hands

    @property
    def yuan_per_unit(self) -> float:
        """What a unit of output, and of capital, is worth in the chosen technology."""
        return float(self.unit if self.technology == "trap" else self.unit_no_trap)


def output(capital: Array, ability: Array, technology: Technology) -> Array:
    """Yearly output in units, from capital in units: f(k, α) of the chosen technology.

    capital, ability: shape (n,). Returns shape (n,), at least 0. Source: Ikegami et al. 2016, eq. 1.
    """
    low, high = _powers(np.maximum(capital, 1e-9), technology)
    low *= technology.low_scale
    low *= ability
    if technology.high_scale == 0:
        return low
    high *= technology.high_scale
    high *= ability
    high -= technology.fixed_cost
    return np.maximum(low, high, out=low)


def labour_factor(workers: Array, elasticity: float, most: float, helping_hands: float) -> Array:
    """min(((L + helping hands)/1.5)^elasticity, most) for L able workers at home, shape (n,).

    >>> labour_factor(np.array([1.0, 1.5, 9.0]), 0.3, 1.3, 0.0).round(3)
    array([0.885, 1.   , 1.3  ])
    """
    return np.minimum(maths.power((workers + helping_hands) / 1.5, elasticity), most)


def _powers(capital: Array, technology: Technology) -> tuple[Array, Array]:
    """Capital, above 0, to the power of the low and of the high exponent; it is used up."""
    low, high = technology.low_exponent, technology.high_exponent
    log_k = maths.log(capital, out=capital)
    if technology.high_scale == 0 or high / low != 1.5:
        rich = np.multiply(log_k, high)
        log_k *= low
        return maths.exp(log_k, out=log_k), maths.exp(rich, out=rich)
    # k^.45 is k^.30 times k^.15, whose square is k^.30: one exponential gives both.
    log_k *= low / 2
    root = maths.exp(log_k, out=log_k)
    square = root * root
    root *= square
    return square, root


@lru_cache(maxsize=32)
def labour_factors(elasticity: float, most: float, helping_hands: float) -> NDArray[np.float64]:
    """The same for L = 0, 1, 2, … able workers at home, so that most households need only look it up."""
    return labour_factor(np.arange(MOST_WORKERS, dtype=np.float64), elasticity, most, helping_hands)
