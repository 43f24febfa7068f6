"""Counterfactuals: the same household, the same luck, with and without a policy (反事实)."""

from fupin_sim.counterfactual.diary import diary
from fupin_sim.counterfactual.effectiveness import household_cost_effectiveness
from fupin_sim.counterfactual.households import compare_households
from fupin_sim.counterfactual.parting import TwoDiaries, two_diaries
from fupin_sim.counterfactual.rendering import side_by_side
from fupin_sim.counterfactual.summary import summary

__all__ = [
    "TwoDiaries", "compare_households", "diary", "household_cost_effectiveness", "side_by_side", "summary",
    "two_diaries",
]  # fmt: skip
