"""Support: policies claim, then each county's funds settle the claims."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from fupin_sim.allocation import ALLOCATIONS, BY_INCOME
from fupin_sim.errors import BadInput, nearest
from fupin_sim.funds import Fund, Outlay
from fupin_sim.ledger import GIVEN_BY_POLICIES, Money
from fupin_sim.world import World, place

LEAKY = ("support", "service")
"""The flows on whose way to households something can leak; interest goes to the bank, and bills to the clinic."""
BELOW = 1.0 - 1e-12
"""Keeps a share that is computed from above a whole fen by rounding from overdrawing its fund."""


def settle(world: World) -> None:
    """Collect the claims of all policies, pay them from their funds, post what is received.

    Policies read last month's accounts only, so the order in which they are asked changes nothing. What is paid
    reaches households by the flow the policy names: cash, unless it says otherwise. `administration` of it is spent on
    top, and both leave the fund. What leaks on the way is no longer `paid`: see `process.delivery`.
    """
    claims: dict[str, Money] = {}
    for name, policy in sorted(world.policies.items()):
        claim = policy.claim(world)
        if claim is not None:
            claims[name] = _whole(claim, world, name) if policy.origin else claim
    _open_funds(world)
    world.outlays, world.paid, world.insured, world.guaranteed, world.running = {}, {}, {}, {}, {}
    world.paid.update(pay(world, claims))
    world.processes["delivery"].leak(world, [name for name in sorted(world.paid) if flow_of(world, name) in LEAKY])
    for flow in sorted({flow_of(world, name) for name in world.paid}):
        mine = [paid for name, paid in world.paid.items() if flow_of(world, name) == flow]
        world.ledger.post(flow, mine[0] if len(mine) == 1 else sum(mine[2:], mine[0] + mine[1]))
    for name, paid in sorted(world.paid.items()):
        world.policies[name].paid(world, paid)


def pay(world: World, claims: Mapping[str, Money]) -> dict[str, Money]:
    """Meet claims out of the funds, by priority within each, and enter the outlays; whole fen, shape (households,).

    An outlay is added to what the policy has spent this month already.
    """
    paid: dict[str, Money] = {}
    for fund_name in sorted(world.funds):
        mine = {n: c for n, c in claims.items() if fund_of(world, n) == fund_name}
        for priority in sorted({world.policies[n].values.get("priority", 0) for n in mine}):
            equals = {n: c for n, c in mine.items() if world.policies[n].values.get("priority", 0) == priority}
            paid.update(_pay(world, world.funds[fund_name], equals))
    return paid


def available(world: World, policy: str) -> Money:
    """What the policy's fund still holds in each county, fen; without end where no budget is set."""
    fund = world.funds[fund_of(world, policy)]
    return np.full_like(fund.balance, np.inf) if fund.open_ended else fund.balance


def administer(world: World, policy: str, wanted: Money) -> Money:
    """Spend on the running of a policy, beside its share of outlay, as far as its fund allows.

    wanted: whole fen per county, at least 0. Returns what was spent. After the support stroke only.
    """
    spent, nothing = np.minimum(wanted, available(world, policy)), np.zeros(len(wanted))
    if spent.any():
        world.funds[fund_of(world, policy)].spend(spent)
        outlay = Outlay(nothing, nothing, spent, nothing)
        world.outlays[policy] = world.outlays[policy] + outlay if policy in world.outlays else outlay
        world.running[policy] = world.running[policy] + spent if policy in world.running else spent
    return spent


def take_back(world: World, policy: str, fen: Money) -> None:
    """Return to its fund what a policy spent this month on what did not come about.

    fen: whole fen per county, not above what households of the county received; administration goes back with it.
    """
    if not fen.any():
        return
    outlay, fund = world.outlays[policy], world.funds[fund_of(world, policy)]
    received = outlay.received - fen
    share = float(world.policies[policy].values.get("administration", 0.0))
    smaller = np.where(
        fen > 0, np.minimum(outlay.administered, np.rint((received + outlay.leaked) * share)), outlay.administered
    )
    world.outlays[policy] = Outlay(received, outlay.leaked, smaller, outlay.captured)
    fund.spend(world.outlays[policy].spent - outlay.spent)


def flow_of(world: World, policy: str) -> str:
    """The flow by which households get what a policy pays: `flow` of its class, or cash; raises BadInput."""
    flow = str(getattr(world.policies[policy], "flow", "support"))
    if flow not in GIVEN_BY_POLICIES:
        told = f'{policy}: policies cannot give by the flow "{flow}".{nearest(flow, GIVEN_BY_POLICIES)}'
        raise BadInput(f"{told}  Flows: {', '.join(GIVEN_BY_POLICIES)}")
    return flow


def _whole(claim: Money, world: World, policy: str) -> Money:
    """The claim of a user's own policy, refused unless it can be paid; raises BadInput."""
    fen, wanted = np.array(claim, np.float64), (len(world),)  # a copy: the policy may go on writing to its own
    if fen.shape != wanted:
        raise BadInput(f"policy {policy}: claim has shape {fen.shape}; wanted is one amount a household, {wanted}")
    if not (fen == np.rint(np.abs(fen))).all():
        raise BadInput(f"policy {policy}: claim must be whole fen, at least 0; return world.fen(yuan), or None")
    return fen


def fund_of(world: World, policy: str) -> str:
    """The fund a policy draws on: its own, unless it names one to share."""
    return str(world.policies[policy].values.get("fund") or policy)


def _open_funds(world: World) -> None:
    """Give each fund this month's budget; what is left in January lapses, or a part of it."""
    rules, nothing = world.spec.section("funds"), np.zeros(len(world.county_starts))
    budgets: dict[str, list[float]] = {}
    for name, policy in sorted(world.policies.items()):
        mine = budgets.setdefault(fund_of(world, name), [])
        if (budget := policy.values.get("budget")) is not None:
            mine.append(float(budget) * _months_given(world, name))
    # A branch may have dropped the last policy that draws on a fund.
    for name in world.funds.keys() - budgets.keys():
        del world.funds[name]
    weighed = _weighed(world, rules["tilt"]) if any(budgets.values()) else nothing
    for name, given in budgets.items():
        if name not in world.funds:
            world.funds[name] = Fund(nothing, open_ended=not given)
        fund = world.funds[name]
        fund.open_ended = not given
        if world.clock.january:
            fund.lapse(rules["carry_over"])
        fund.open_month(np.rint(sum(given) * 100 / 12 * weighed) if given else nothing)


def _weighed(world: World, tilt: float) -> Money:
    """Residents of each county, weighed by what its remoteness is worth to those who set budgets."""
    people: Money = world.by_county(world.households.members.astype(np.float64))
    return people * tilted(world, tilt) if tilt else people


def tilted(world: World, tilt: float) -> Money:
    """The factor on budgets per resident in each county: 1 + tilt · (2 · mean remoteness of its households − 1)."""
    villages, counties = world.villages, world.counties
    far = villages.remoteness_at_start * villages.households
    total = np.bincount(place(counties.number, villages.county), far, len(counties.number))
    factor: Money = 1.0 + tilt * (2.0 * total / counties.households - 1.0)
    return factor


def _months_given(world: World, policy: str) -> int:
    """For how many months a budget is given now: one, or the rest of the year where it is paid in advance."""
    if not getattr(world.policies[policy], "in_advance", False):
        return 1
    opens = world.clock.opens_a_year or fund_of(world, policy) not in world.funds
    return 12 - world.clock.month % 12 if opens else 0


def _pay(world: World, fund: Fund, claims: dict[str, Money]) -> dict[str, Money]:
    """Settle claims of one priority; those of different policies in one fund share alike."""
    names = sorted(claims)
    paid = dict(claims)
    shares = {name: float(world.policies[name].values.get("administration", 0.0)) for name in names}
    received = {name: world.by_county(claims[name]) for name in names}
    administered = {name: np.rint(received[name] * shares[name]) for name in names}
    wanted = sum((received[name] + administered[name] for name in names), np.zeros(len(fund.balance)))
    short = fund.short(wanted).tolist()
    if short:
        paid = {name: claims[name].copy() for name in names}
        counties = world.counties_as_rows()
    for county in short:
        rows = counties[county]
        _ration(world, float(fund.balance[county]), paid, shares, names, rows)
        for name in names:
            received[name][county] = paid[name][rows].sum()
            administered[name][county] = np.floor(received[name][county] * shares[name])
    nothing = np.zeros(len(fund.balance))
    for name in names:
        outlay = Outlay(received[name], nothing, administered[name], nothing)
        fund.spend(outlay.spent)
        world.outlays[name] = world.outlays[name] + outlay if name in world.outlays else outlay
    return paid


def _ration(
    world: World, available: float, paid: dict[str, Money], shares: dict[str, float], names: list[str], rows: slice
) -> None:
    """Cut one county's claims to what the fund holds, administration included, to the fen below."""
    luck, rule = world.households.luck[rows], world.spec.section("funds")["allocation"]
    income = _apparent(world)[rows] if rule in BY_INCOME else luck
    wanted = [(name, float(paid[name][rows].sum()) * (1.0 + shares[name])) for name in names]
    total = sum(cost for _, cost in wanted)
    for name, cost in wanted:
        # What may be received out of this policy's part of the fund once its administration is paid.
        part = np.floor(available * (cost / total) / (1.0 + shares[name]) * BELOW)
        paid[name][rows] = ALLOCATIONS[rule](float(part), paid[name][rows], luck, income)


def _apparent(world: World) -> Money:
    """Income per person as officials see it, fen a year, shape (households,)."""
    seen: Money = world.processes["observation"].apparent(world) / world.households.members
    return seen
