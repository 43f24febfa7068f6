"""Paired statistics: effects between arms that share their luck, when to stop, what is best, what it costs."""

from fupin_sim.paired.best import chance_of_best
from fupin_sim.paired.blocks import Block, complete_block
from fupin_sim.paired.effect import LEVEL, IncompleteBlock, NotPaired, PairedEffect, effect_of, paired_interval
from fupin_sim.paired.multiple import holm, together
from fupin_sim.paired.per_averted import WORTH, NetBenefit, PerAverted, cost_per_averted, net_benefits
from fupin_sim.paired.saved import pairing_saved
from fupin_sim.paired.stopping import Rule, Wanting, reached, wanting

__all__ = [
    "LEVEL", "WORTH", "Block", "IncompleteBlock", "NetBenefit", "NotPaired", "PairedEffect", "PerAverted", "Rule",
    "Wanting", "chance_of_best", "complete_block", "cost_per_averted", "effect_of", "holm", "net_benefits",
    "paired_interval", "pairing_saved", "reached", "together", "wanting",
]  # fmt: skip
