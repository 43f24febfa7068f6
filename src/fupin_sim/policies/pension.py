"""Pension (城乡居民基本养老保险): the same for every old person, by a table of dates."""

from __future__ import annotations

from fupin_sim.parameter import Dated, Parameter
from fupin_sim.policies.instrument import AUTOMATIC, WHOM, Instrument, among
from fupin_sim.world import Array, Flags, World


class Pension(Instrument):
    """The basic pension of rural residents, for everybody of 60 and older."""

    by_application = AUTOMATIC
    level = Dated(
        {"2009-09": 870, "2014-07": 950, "2018-01": 1_110, "2020-07": 1_120, "2022-01": 1_140, "2023-01": 1_200,
         "2024-01": 1_430},
        unit="yuan per elder-year", range=(800, 3_000), limits=(0, 1e6), mark="unverified", claim="S38",
        doc="constant yuan of 2020; provinces pay more",
        source="national minimum of 55, 70, 88, 93, 98, 103 and 123 yuan a month, deflated by consumer prices",
    )  # fmt: skip
    whom = Parameter("all", choices=WHOM, mark="choice", doc="those on the register, or everybody")
    administration = Parameter(0.02, unit="share of outlay", range=(0.01, 0.05), limits=(0.0, 1.0), mark="assumed")

    def titled(self, world: World) -> Flags:
        return among(world, self.whom)

    def worth(self, world: World) -> Array:
        yuan: Array = world.households.elders * (self.level / 12)
        return yuan
