"""Patterns held out of calibration: each is observed somewhere, and nothing here was fitted to it.

Tolerances were fixed before the first run; a pattern is hit when the mean over replicates lies where it must. The
settings follow one principle: what was observed before the campaign, or elsewhere, is held against a world without it.
"""

from fupin_sim.patterns.asset_transfer import P8, P9
from fupin_sim.patterns.duration import P4
from fupin_sim.patterns.health import P6
from fupin_sim.patterns.leaving import P2, P3
from fupin_sim.patterns.macro_shock import P10
from fupin_sim.patterns.pattern import NO_CAMPAIGN, Numbers, Part, Pattern, Run, Sets
from fupin_sim.patterns.transient import P5
from fupin_sim.patterns.village_investment import P7

PATTERNS = (P2, P3, P4, P5, P6, P7, P8, P9, P10)
"""All of them, in the order of the page."""
BAR = 7
"""How many must be hit."""

__all__ = ["BAR", "NO_CAMPAIGN", "PATTERNS", "Numbers", "Part", "Pattern", "Run", "Sets"]
