"""How much capital a forward-looking household aims at: the two-technology model of poverty traps, solved.

A household of ability α lives for ever, produces f(k) = max(α k^.30, α k^.45 − .45) from capital k, consumes c, and
loses capital to wear and to shocks:

    V(k) = max over s of  u(f(k) + (1 − δ) k − s) + β E V(θ s),    u(c) = c^(1 − ρ) / (1 − ρ)

What is kept (s) is decided before the shock θ is known, and the shock strikes all of it. Other timings (θ on the old
stock only, known before the choice; θ − δ on all resources) move the threshold by .15 to 2 and do not give the
published frontier. Source: Ikegami, Carter, Barrett & Janzen (2016), "Poverty traps and the social protection paradox",
NBER working paper 22714.

Three numbers per ability are enough for the month of the simulation, and are shipped as a table for the default
parameters (`python -m fupin_sim.dynamic_programme --write` makes it anew):

- low, high: the capital at which the optimal policy keeps still as long as no shock comes (θ = 1);
- threshold k̂, the Micawber frontier: above it the policy builds up to high, below it runs down to low.
"""

from fupin_sim.dynamic_programme.aims import TABLE, Targets, solve, tabulate, targets, write
from fupin_sim.dynamic_programme.optimum import Policy, policy
from fupin_sim.dynamic_programme.problem import NO_SHOCKS, SHOCKS, Problem, Shocks
from fupin_sim.dynamic_programme.technology import NO_TRAP, SHIPPED, TRAP, Technology

__all__ = [
    "NO_SHOCKS",
    "NO_TRAP",
    "SHIPPED",
    "SHOCKS",
    "TABLE",
    "TRAP",
    "Policy",
    "Problem",
    "Shocks",
    "Targets",
    "Technology",
    "policy",
    "solve",
    "tabulate",
    "targets",
    "write",
]
