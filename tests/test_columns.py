"""Rows behave as Mesa's own agents, and refuse what arrays would do in silence."""

from __future__ import annotations

import copy
import gc
import operator
import pickle
import tracemalloc
import warnings
from typing import Any

import hypothesis.strategies as st
import mesa
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, multiple, precondition, rule
from mesa.agent import AgentSet

from fupin_sim.columns import Block, ChainedSet, Column, RowAgent, RowModel, RowSet, Table, columns_of


class Household(RowAgent):
    wealth = Column(1.0, unit="fen", doc="What it owns")
    village = Column(0, np.int64)

    def step(self):
        self.wealth += 0.5

    @property
    def double(self):
        return 2 * self.wealth

    @double.setter
    def double(self, value):
        self.wealth = value / 2


class Migrants(Household):
    wealth = Column(7.0)
    source = Column(1, np.int8, codes=("farm", "wage"))


class County(RowAgent):
    fund = Column(100.0)
    poor = Column(False, bool)


@pytest.fixture
def model():
    return RowModel(rng=1)


@pytest.fixture
def homes(model):
    return Household.create_agents(model, 5, wealth=[1, 2, 3, 4, 5], village=[0, 0, 1, 1, 2])


@pytest.fixture
def table(model, homes):
    return model.table(Household)


# ---- declarations ----------------------------------------------------------------


def test_a_column_keeps_its_declaration():
    assert (Household.wealth.unit, Household.wealth.doc, Household.wealth.default) == ("fen", "What it owns", 1.0)
    assert Migrants.source.codes == {0: "farm", 1: "wage"}
    assert Column(2, int, codes={2: "two"}).codes == {2: "two"}
    assert repr(Household.wealth) == "Column(1.0, float64, unit='fen')"


@pytest.mark.parametrize("dtype", [object, str, complex, "datetime64[D]"])
def test_a_column_holds_numbers_only(dtype):
    with pytest.raises(TypeError, match="a column holds bool, int, unsigned int or float"):
        Column(0, dtype)


@pytest.mark.parametrize(
    ("arguments", "error", "text"),
    [
        ({"default": [0.0, 1.0]}, TypeError, "one number"),
        ({"default": "one"}, TypeError, "holds numbers"),
        ({"default": 1.5, "dtype": int}, ValueError, "an int64 column cannot hold 1.5"),
        ({"default": -1, "dtype": np.uint64}, ValueError, "a uint64 column cannot hold -1"),
        (
            {"default": 2, "dtype": int, "codes": ("no", "yes")},
            ValueError,
            r"the default 2 is not among the codes \[0, 1\]",
        ),
    ],
)
def test_a_default_must_fit_its_column(arguments, error, text):
    with pytest.raises(error, match=text):
        Column(**arguments)


@given(
    st.lists(st.one_of(st.integers(-(2**40), 2**40), st.floats(), st.booleans()), min_size=1),
    st.sampled_from([np.int8, np.uint16, np.int64, bool, float]),
)
def test_a_column_changes_no_number_or_refuses_it(values, dtype):
    given_ = np.array(values)
    try:
        held = Column(0, dtype).fit(given_)
    except ValueError:
        with np.errstate(invalid="ignore"):
            assert not np.array_equal(given_.astype(dtype), given_)
    else:
        assert held.dtype == dtype
        assert np.array_equal(held, given_, equal_nan=True)


@pytest.mark.parametrize(
    "name",
    # ruff: noqa: SIM905
    "index select random model unique_id step pos remove row rows table tables n alive data schema block append "
    "nbytes scenario".split(),
)
def test_a_column_cannot_hide_what_agents_sets_and_tables_have(name):
    with pytest.raises(TypeError, match=rf"Person\.{name}: "):
        type("Person", (RowAgent,), {name: Column()})


def test_a_column_does_not_begin_with_an_underscore():
    with pytest.raises(TypeError, match="underscore"):
        type("Person", (RowAgent,), {"_secret": Column()})


def test_one_column_has_one_name():
    shared = Column()
    with pytest.raises(TypeError, match="first and second are one Column"):
        type("Person", (RowAgent,), {"first": shared, "second": shared})


@pytest.mark.parametrize("other", [property(lambda self: 0), 3])
def test_a_subclass_cannot_make_a_column_something_else(other):
    with pytest.raises(TypeError, match=r"Rich\.wealth: a column, but Rich has something else there"):
        type("Rich", (Household,), {"wealth": other})


def test_a_subclass_cannot_make_something_else_a_column():
    with pytest.raises(TypeError, match=r"Rich\.double: a column, but Household has something else there"):
        type("Rich", (Household,), {"double": Column()})


def test_a_subclass_inherits_columns_and_may_change_their_declaration(model):
    assert list(columns_of(Migrants)) == ["wealth", "village", "source"]
    (agent,) = Migrants.create_agents(model, 1)
    agent.step()
    assert (agent.wealth, agent.village, agent.source) == (7.5, 0, 1)


# ---- agents ----------------------------------------------------------------------


def test_an_agent_reads_and_writes_its_row(model, homes, table):
    agent = homes[1]
    agent.wealth += 10
    agent.village = np.int32(9)
    assert table.wealth.tolist() == [1, 12, 3, 4, 5]
    assert table.village.tolist() == [0, 9, 1, 1, 2]
    assert [type(value) for value in (agent.wealth, agent.village)] == [float, int]
    assert agent.model is model


def test_views_of_one_row_are_one_agent(homes, model):
    assert homes[0] == model.agents[0]
    assert len({homes[0], model.agents[0]}) == 1
    assert homes[0] != homes[1]
    County.create_agents(model, 1)
    assert homes[0] != model.agents_by_type[County][0]
    assert homes[0] != "Household(1)"
    assert repr(homes[2]) == "Household(3: wealth=3, village=1)"


def test_an_agent_may_be_made_alone(model, homes):
    agent = Household(model, wealth=9)
    assert (agent.unique_id, agent.wealth, agent.village, len(model.agents)) == (6, 9.0, 0, 6)


def test_properties_of_an_agent_work_as_in_mesa(homes):
    homes[0].double = 30
    assert homes[0].wealth == 15
    assert homes.get("double") == [30, 4, 6, 8, 10]
    assert homes.set("double", 2).wealth.tolist() == [1] * 5


def test_a_misspelt_column_of_an_agent_is_named_with_the_nearest(homes):
    with pytest.raises(AttributeError, match=r"Household has no column 'wealht'\. Did you mean \"wealth\"\?"):
        _ = homes[0].wealht
    with pytest.raises(AttributeError, match=r"Did you mean \"wealth\"\?.*wealht = Column\("):
        homes[0].wealht = 3
    with pytest.raises(AttributeError, match="has no column 'pos'"):
        homes[0].pos = (1, 1)
    with pytest.raises(AttributeError, match="for ever"):
        homes[0].row = 3
    assert not hasattr(homes[0], "__array__")


@pytest.mark.parametrize(
    ("value", "error"), [(1.7, ValueError), (None, TypeError), ("3", TypeError), (2**70, OverflowError)]
)
def test_an_agent_cannot_write_what_its_column_cannot_hold(homes, value, error):
    with pytest.raises(error):
        homes[0].village = value
    assert homes[0].village == 0


def test_rows_made_together_would_never_call_an_init_so_that_is_refused(model):
    class Planned(RowAgent):
        wealth = Column()

        def __init__(self, model, years):
            super().__init__(model, wealth=100 * years)

    assert Planned(model, 3).wealth == 300
    with pytest.raises(TypeError, match="Planned has an __init__ of its own"):
        Planned.create_agents(model, 3)


# ---- tables and blocks ------------------------------------------------------------


@pytest.mark.parametrize(
    ("n", "values", "error", "text"),
    [
        (2, {"wealht": 1}, TypeError, r"Household has no column 'wealht'\. Did you mean \"wealth\"\?"),
        (2, {"wealth": [1, 2, 3]}, ValueError, r"Household\.wealth: one number or 2, one an agent, not the shape"),
        (2, {"wealth": [1]}, ValueError, r"not the shape \(1,\)"),
        (2, {"wealth": 9, "village": [1, 2.5]}, ValueError, r"Household\.village: an int64 column cannot hold 2\.5"),
        (2, {"village": "x"}, TypeError, r"Household\.village: an int64 column holds numbers"),
        (-1, {}, ValueError, "cannot make -1 agents"),
    ],
)
def test_a_wrong_append_appends_nothing(table, n, values, error, text):
    with pytest.raises(error, match=text):
        table.append(n, values)
    assert (table.n, table.wealth.tolist()) == (5, [1, 2, 3, 4, 5])


@given(st.lists(st.tuples(st.integers(0, 40), st.floats(0, 9)), max_size=12))
def test_appended_rows_stand_behind_the_earlier_ones(births):
    model = RowModel(rng=1)
    expected: list[float] = []
    for n, wealth in births:
        born = Household.create_agents(model, n, wealth=wealth)
        expected += [wealth] * n
        assert born.wealth.tolist() == [wealth] * n
        assert model.table(Household).data["wealth"].tolist() == expected
        assert model.table(Household).village.tolist() == [0] * len(expected)


def test_a_table_gives_whole_writable_columns(table):
    assert table.wealth is table.data["wealth"]
    table.wealth[table.village == 0] = 0
    table.wealth += 1
    table.village = [5, 5, 5, 5, 6]
    assert table.wealth.tolist() == [1, 1, 4, 5, 6]
    assert table.village.tolist() == [5, 5, 5, 5, 6]
    assert (len(table), table.n, table.living) == (5, 5, 5)
    assert repr(table) == f"<Table of 5 Household, {table.nbytes} bytes>"


@pytest.mark.parametrize("where", ["table", "block"])
def test_a_misspelt_column_of_a_table_is_named_with_the_nearest(table, where):
    thing = table if where == "table" else table.block(slice(0, 2))
    with pytest.raises(AttributeError, match=r"Did you mean \"village\"\?"):
        _ = thing.vilage
    with pytest.raises(AttributeError, match=r"Did you mean \"village\"\?"):
        thing.vilage = 0
    with pytest.raises(ValueError, match="cannot hold"):
        thing.village = 0.5
    with pytest.raises(AttributeError):
        _ = thing._absent
    with pytest.raises(AttributeError, match="no column 'n'"):
        thing.n = 3


def test_who_is_alive_is_not_written_but_removed(table):
    with pytest.raises(ValueError, match="read-only"):
        table.alive[0] = False
    with pytest.raises(ValueError, match="read-only"):
        table.block(slice(0, 2)).alive[0] = False
    table.remove([0, 3])
    assert table.alive.tolist() == [False, True, True, False, True]
    assert table.living == 3


def test_a_block_is_a_writable_slice_of_every_column(table):
    block = table.block(slice(1, 3))
    block.wealth[:] = 0
    block.wealth += 7
    block.village = [8, 9]
    assert table.wealth.tolist() == [1, 7, 7, 4, 5]
    assert table.village.tolist() == [0, 8, 9, 1, 2]
    assert (len(block), block.n, block.alive.tolist()) == (2, 2, [True, True])
    assert block.wealth is block.wealth
    assert len(table.block(slice(3, 99))) == 2
    assert len(table.block(slice(None))) == 5
    assert "rows 1:3 of <Table of 5 Household" in repr(block)


def test_after_a_move_blocks_are_good_and_old_arrays_refuse(model, table):
    block = table.block(slice(0, 2))
    whole, part = table.wealth, block.wealth
    Household.create_agents(model, 1_000)
    for old in (whole, part):
        with pytest.raises(ValueError, match="read-only"):
            old[0] = 99
    block.wealth[0] = 50
    assert table.wealth[0] == 50


def test_an_append_into_spare_room_leaves_earlier_arrays_good(model, table):
    Household(model)  # takes room for more than itself
    whole, room = table.wealth, table.nbytes
    Household(model)
    assert table.nbytes == room
    whole[0] = 50
    assert table.wealth[0] == 50


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(1, 9)), max_size=15))
def test_no_two_agents_ever_share_an_id(births):
    model = RowModel(rng=1)
    ids = {}
    for kind, n in births:
        born = (Household, Migrants, County)[kind].create_agents(model, n)
        ids[born[0]] = born[0].unique_id
        born[0].remove()
        ids.update({agent: agent.unique_id for agent in born})
    assert len(set(ids.values())) == sum(n for _, n in births)
    assert all(agent.unique_id == ids[agent] for agent in model.agents)
    assert len(model.agents) == sum(n - 1 for _, n in births)


def test_ids_are_stable_and_documented(model, homes):
    County.create_agents(model, 1)
    Household(model)
    assert [agent.unique_id for agent in model.agents] == [1, 2, 3, 4, 5, 6, 2**40 + 1]


def test_an_agent_costs_its_columns_and_a_byte():
    gc.collect()
    tracemalloc.start()
    model = RowModel(rng=1)
    Household.create_agents(model, 200_000, wealth=np.ones(200_000))
    gc.collect()
    held, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert model.table(Household).nbytes == 17 * 200_000
    assert held / 200_000 < 20
    assert peak / 200_000 < 60


# ---- one set of rows ----------------------------------------------------------------


def test_an_array_from_a_set_is_read_only_and_of_that_moment(homes, model, table):
    for agents in (homes, model.agents, model.agents.shuffle()):
        before = agents.wealth
        with pytest.raises(ValueError, match="read-only"):
            agents.wealth[agents.wealth > 2] = 0
        with pytest.raises(ValueError, match="read-only"):
            agents.wealth += 1
        agents.wealth = agents.wealth + 1
        assert (agents.wealth == before + 1).all()
    assert table.wealth.tolist() == [4, 5, 6, 7, 8]


def test_a_set_writes_rows_in_its_own_order(homes, table):
    poorest_last = homes.select(lambda agent: agent.village == 1).sort("wealth")
    poorest_last.wealth = [40, 30]
    assert table.wealth.tolist() == [1, 2, 30, 40, 5]
    homes.select(homes.wealth > 4).village = 7
    assert table.village.tolist() == [0, 0, 7, 7, 7]
    homes.set("village", [1, 2, 3, 4, 5])
    assert table.village.tolist() == [1, 2, 3, 4, 5]


def test_a_misspelt_column_of_a_set_is_named_with_the_nearest(homes):
    with pytest.raises(AttributeError, match=r"Household has no column 'wealht'\. Did you mean \"wealth\"\?"):
        _ = homes.wealht
    with pytest.raises(AttributeError, match=r"Did you mean \"wealth\"\?"):
        homes.wealht = 1
    with pytest.raises(AttributeError, match=r"Did you mean \"shuffle_do\"\?"):
        homes.shufle_do("step")
    with pytest.raises(ValueError, match=r"cannot hold 0\.5"):
        homes.village = 0.5
    assert "wealth" in dir(homes)
    assert not hasattr(homes, "__array__")


@pytest.mark.parametrize("mask", [[True, False], [1, 0, 1, 0, 1], "wealth"])
def test_a_mask_must_be_over_the_set(homes, mask):
    with pytest.raises(ValueError, match="a mask over this set is 5 bools"):
        homes.select(mask)


def test_dead_rows_leave_every_set_and_are_never_used_again(model, homes, table):
    second = homes[1]
    rich = homes.select(lambda agent: agent.wealth > 1)
    second.remove()
    second.remove()  # as in Mesa, no error
    assert (len(homes), len(rich), len(model.agents)) == (4, 3, 4)
    assert second not in homes
    assert rich.wealth.tolist() == [3, 4, 5]
    assert rich.rows.tolist() == [2, 3, 4]
    assert [agent.row for agent in reversed(model.agents)] == [4, 3, 2, 0]
    assert Household(model).row == 5
    assert second.wealth == 2.0
    with pytest.raises(TypeError, match="not a living agent"):
        homes.add(second)
    with pytest.raises(KeyError):
        homes.remove(second)


def test_who_dies_while_others_act_does_not_act(model, homes):
    acted = []

    def act(agent):
        acted.append(agent.row)
        model.agents[-1].remove()

    homes.do(act)
    assert acted == [0, 1, 2]


def test_a_set_is_a_sequence(homes):
    agents = homes.to_list()
    assert homes[1:3] == agents[1:3]
    assert (homes[-1], homes[np.int64(2)]) == (agents[4], agents[2])
    assert homes.index(agents[3]) == 3
    assert homes.index(agents[3], -3) == 3
    for start, stop in ((4, None), (0, 3)):
        with pytest.raises(ValueError, match="is not in"):
            homes.index(agents[3], start, stop)
    with pytest.raises(ValueError, match="is not in"):
        homes.index("home")
    with pytest.raises(IndexError):
        homes[5]
    with pytest.raises(IndexError):
        homes.copy()[5]
    with pytest.raises(TypeError):
        homes["wealth"]
    assert homes.count(agents[0]) == 1


def test_the_living_set_of_a_model_sees_who_is_born_later(model, homes):
    everybody, now = model.agents, model.agents.copy()
    Household(model)
    assert (len(everybody), len(now), everybody[5].row) == (6, 5, 5)


def test_what_mesa_refuses_is_refused(homes):
    with pytest.raises(ValueError, match="handle_missing"):
        homes.get("wealth", handle_missing="ignore")
    with pytest.raises(AttributeError):
        homes.get("absent")
    with pytest.raises(AttributeError):
        homes.set("absent", 1)
    assert homes.get([]) == [[]] * 5


# ---- bit by bit the same as plain Mesa ----------------------------------------------------


class PlainTrader(mesa.Agent):
    def __init__(self, model, wealth):
        super().__init__(model)
        self.wealth = wealth

    def exchange(self):
        other = self.random.choice(list(self.model.agents))
        amount = self.random.random() * self.wealth
        self.wealth -= amount
        other.wealth += amount
        if self.random.random() < 0.02:
            self.remove()
        elif self.random.random() < 0.02:
            type(self)(self.model, wealth=1.0)


class Trader(RowAgent):
    wealth = Column(1.0)
    exchange = PlainTrader.exchange


def test_shuffle_do_is_bit_identical_to_plain_mesa():
    plain, rows = mesa.Model(rng=5), RowModel(rng=5)
    wealth = np.linspace(1, 2, 60)
    PlainTrader.create_agents(plain, 60, wealth=wealth.tolist())
    Trader.create_agents(rows, 60, wealth=wealth)
    for _ in range(25):
        plain.agents.shuffle_do("exchange")
        rows.agents.shuffle_do("exchange")
    assert rows.table(Trader).n > 60 > rows.table(Trader).living - 30
    assert [a.wealth for a in plain.agents] == rows.agents.wealth.tolist()
    assert [a.unique_id for a in plain.agents] == [a.unique_id for a in rows.agents]
    assert plain.random.getstate() == rows.random.getstate()


# ---- the same under any sequence of Mesa's verbs ---------------------------------------------


class Person(RowAgent):
    kind = 0
    name = Column(0, np.int64)
    wealth = Column(0.0)
    group = Column(0, np.int8)

    def duel(self):
        others = list(self.model.agents.sort(by_kind, ascending=True))
        other = others[self.random.randrange(len(others))]
        if other != self:
            self.wealth += other.wealth
            other.remove()
        return self.wealth


class Cadre(Person):
    kind = 1


class Team(Person):
    kind = 2


class PlainPerson(mesa.Agent):
    kind = 0
    duel = Person.duel

    def __init__(self, model, name, wealth, group):
        super().__init__(model)
        self.name, self.wealth, self.group = name, wealth, group


class PlainCadre(PlainPerson):
    kind = 1


class PlainTeam(PlainPerson):
    kind = 2


ROWS, PLAIN = (Person, Cadre, Team), (PlainPerson, PlainCadre, PlainTeam)
by_kind = operator.attrgetter("kind")
amounts = st.sampled_from([-1.0, 0.0, 0.25, 1.0, 2.0])
most = st.one_of(st.integers(-1, 6), st.floats(-0.5, 1.0), st.just(2.5), st.just(float("inf")))
KEYS: list[Any] = ["wealth", "group", "name", lambda a: (a.group, -a.wealth), "kind", lambda a: a.wealth > 0]


def names(agents):
    return [agent.name for agent in agents]


class SetsOfOneType(RuleBasedStateMachine):
    """Two models go through the same rules; their sets must hold the same people in the same order."""

    types = 1
    sets: Any = Bundle("sets")

    def __init__(self):
        super().__init__()
        self.plain, self.rows, self.born = mesa.Model(rng=3), RowModel(rng=3), 0
        for kind in ROWS[: self.types]:
            self.rows.table(kind)

    def both(self, pair, verb):
        """The results of a verb on both sets, which must be sets of the same people."""
        plain, rows = verb(pair[0]), verb(pair[1])
        assert names(plain) == names(rows)
        return plain, rows

    @rule(kind=st.integers(0, 2), people=st.lists(st.tuples(amounts, st.integers(-2, 2)), min_size=1, max_size=5))
    def bear(self, kind, people):
        name = list(range(self.born, self.born + len(people)))
        wealth, group = [w for w, _ in people], [g for _, g in people]
        self.born += len(people)
        PLAIN[kind % self.types].create_agents(self.plain, len(people), name=name, wealth=wealth, group=group)
        ROWS[kind % self.types].create_agents(self.rows, len(people), name=name, wealth=wealth, group=group)

    def everybody(self):
        # Mesa keeps agents in order of birth, rows stand type by type.
        return self.plain.agents.sort(by_kind, ascending=True), self.rows.agents

    @precondition(lambda self: len(self.plain.agents))
    @rule(i=st.integers(0, 99))
    def die(self, i):
        plain, rows = self.everybody()
        list(plain)[i % len(plain)].remove()
        rows[i % len(rows)].remove()

    @rule(target=sets)
    def all(self):
        plain, rows = self.everybody()
        return plain, rows.select()

    @rule(target=sets, pair=sets, limit=amounts, at_most=most, inplace=st.booleans(), mask=st.booleans())
    def select(self, pair, limit, at_most, inplace, mask):
        def rich(agent):
            return agent.wealth >= limit

        plain = pair[0].select(rich, at_most=at_most, inplace=inplace)
        if mask:
            rows = pair[1].select(np.array(pair[1].get("wealth"), float) >= limit, at_most=at_most, inplace=inplace)
        else:
            rows = pair[1].select(rich, at_most=at_most, inplace=inplace)
        assert names(plain) == names(rows)
        return multiple() if inplace else (plain, rows)

    @rule(target=sets, pair=sets, kind=st.integers(0, 2), limit=amounts, at_most=most)
    def select_type(self, pair, kind, limit, at_most):
        def rich(agent):
            return agent.wealth >= limit

        plain = pair[0].select(rich, agent_type=PLAIN[kind], at_most=at_most)
        rows = pair[1].select(rich, agent_type=ROWS[kind], at_most=at_most)
        return plain, rows

    @rule(target=sets, pair=sets, key=st.sampled_from(KEYS), ascending=st.booleans(), inplace=st.booleans())
    def sort(self, pair, key, ascending, inplace):
        found = self.both(pair, lambda agents: agents.sort(key, ascending=ascending, inplace=inplace))
        return multiple() if inplace else found

    @rule(target=sets, pair=sets, inplace=st.booleans())
    def shuffle(self, pair, inplace):
        found = self.both(pair, lambda agents: agents.shuffle(inplace=inplace))
        return multiple() if inplace else found

    @rule(target=sets, pair=sets, key=st.sampled_from(KEYS), result=st.sampled_from(["agentset", "list"]))
    def group(self, pair, key, result):
        plain, rows = pair[0].groupby(key, result_type=result), pair[1].groupby(key, result_type=result)
        assert list(plain.groups) == list(rows.groups)
        assert plain.count() == rows.count()
        assert plain.agg("wealth", sum) == rows.agg("wealth", sum)
        assert plain.map(names) == rows.map(names)
        return multiple(*zip(plain.groups.values(), rows.groups.values(), strict=True) if result == "agentset" else ())

    @rule(pair=sets)
    def read(self, pair):
        plain, rows = pair
        assert plain.get("group") == rows.get("group")
        assert plain.get(["name", "kind"]) == rows.get(["name", "kind"])
        assert plain.get("pet", "default", 7) == rows.get("pet", "default", 7)
        assert plain.agg("wealth", [len, sum, sorted]) == rows.agg("wealth", [len, sum, sorted])
        assert plain.map(lambda a, b: a.wealth + b, 3) == rows.map(lambda a, b: a.wealth + b, 3)

    @rule(pair=sets, value=amounts)
    def write(self, pair, value):
        pair[0].set("wealth", value)
        assert pair[1].set("wealth", value) is pair[1]

    @rule(pair=sets, i=st.integers(0, 99), verb=st.sampled_from(["add", "discard", "remove"]))
    def put_or_take(self, pair, i, verb):
        everybody, rows = self.everybody()
        if not len(rows):
            return
        plain_one, one = list(everybody)[i % len(rows)], rows[i % len(rows)]
        assert (plain_one in pair[0]) == (one in pair[1])
        if isinstance(pair[1], RowSet) and verb == "add" and one.table is not pair[1].table:
            with pytest.raises(TypeError, match="not a living agent"):
                pair[1].add(one)
        elif verb == "remove" and one not in pair[1]:
            with pytest.raises(KeyError):
                pair[1].remove(one)
        else:
            getattr(pair[0], verb)(plain_one)
            getattr(pair[1], verb)(one)

    @rule(first=sets, second=sets, symbol=st.sampled_from([operator.or_, operator.and_, operator.sub, operator.xor]))
    def combine(self, first, second, symbol):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Mesa's sets warn when the result is empty
            expected = symbol(first[0], second[0])
        if type(first[1]) is type(second[1]) and getattr(first[1], "table", 0) is getattr(second[1], "table", 0):
            assert names(symbol(first[1], second[1])) == names(expected)
            assert (first[1] == second[1]) == (first[0] == second[0])

    @rule(pair=consumes(sets))
    def clear(self, pair):
        pair[1].clear()
        assert list(pair[1]) == []

    @rule(pair=sets, verb=st.sampled_from(["do", "shuffle_do", "map"]), by_name=st.booleans())
    def fight(self, pair, verb, by_name):
        plain = getattr(pair[0], verb)("duel" if by_name else PlainPerson.duel)
        rows = getattr(pair[1], verb)("duel" if by_name else Person.duel)
        assert verb != "map" or plain == rows

    @invariant()
    def everybody_is_the_same(self):
        plain, rows = self.everybody()
        assert names(plain) == names(rows)
        assert plain.get("wealth") == rows.get("wealth")
        assert self.plain.random.getstate() == self.rows.random.getstate()

    @rule(pair=sets)
    def compare(self, pair):
        assert names(pair[0]) == names(pair[1])
        assert len(pair[0]) == len(pair[1])
        assert names(reversed(pair[1])) == names(pair[1])[::-1]


class SetsOfSeveralTypes(SetsOfOneType):
    types = 3
    sets = SetsOfOneType.sets


TestSetsOfOneType = SetsOfOneType.TestCase
TestSetsOfSeveralTypes = SetsOfSeveralTypes.TestCase
TestSetsOfOneType.settings = TestSetsOfSeveralTypes.settings = settings(max_examples=25, stateful_step_count=25)


# ---- several types in one set ---------------------------------------------------------------------


@pytest.fixture
def mixed(model, homes):
    County.create_agents(model, 2, fund=[10, 20])
    return model.agents


def test_a_set_of_several_types_chains_the_tables(mixed):
    assert isinstance(mixed, ChainedSet)
    assert [type(agent).__name__ for agent in mixed] == ["Household"] * 5 + ["County"] * 2
    assert repr(mixed) == "<ChainedSet of 7 of Household, County>"
    assert mixed[5].fund == 10
    assert mixed.get("fund", "default", None) == [None] * 5 + [10, 20]
    assert {a.unique_id for a in mixed} == {1, 2, 3, 4, 5, 2**40 + 1, 2**40 + 2}


def test_a_column_belongs_to_one_type(model, mixed):
    with pytest.raises(AttributeError, match=r"ask model\.agents_by_type\[County\]\.fund"):
        _ = mixed.fund
    with pytest.raises(AttributeError, match=r"ask model\.agents_by_type\[Household\]\.wealth"):
        mixed.wealth = 3
    with pytest.raises(AttributeError, match=r"Household has no column 'fnud'\. Columns: .*Did you mean \"fund\"\?"):
        _ = mixed.fnud
    with pytest.raises(AttributeError, match="a set of no agents has no 'wealth'"):
        _ = RowModel(rng=1).agents.wealth
    assert not hasattr(mixed, "__array__")
    assert model.agents_by_type[County].fund.tolist() == [10, 20]


def test_selecting_one_type_gives_a_set_with_columns(mixed):
    counties = mixed.select(agent_type=County)
    assert isinstance(counties, RowSet)
    assert counties.fund.tolist() == [10, 20]
    assert isinstance(mixed.select(agent_type=RowAgent), ChainedSet)
    assert len(mixed.select(agent_type=Migrants)) == 0
    shuffled = mixed.shuffle().select(lambda county: county.fund > 10, agent_type=County)
    assert shuffled.fund.tolist() == [20]


def test_setting_in_a_set_of_several_types_is_all_or_nothing(model, mixed):
    Migrants.create_agents(model, 2)
    both = model.agents.select(agent_type=Household)
    both.sort("wealth").set("wealth", np.arange(7))
    assert both.get("wealth") == [6, 5, 4, 3, 2, 0, 1]
    with pytest.raises(AttributeError, match="County has no column 'wealth'"):
        model.agents.set("wealth", 50)
    assert 50 not in both.get("wealth")
    with pytest.raises(ValueError, match="one value or 7"):
        both.set("wealth", [1, 2])


def test_agents_of_another_model_are_not_in_the_set(mixed):
    stranger = Household(RowModel(rng=1))
    assert stranger not in mixed
    assert stranger not in mixed.select(agent_type=Household)
    assert "home" not in mixed
    with pytest.raises(TypeError, match="not a living agent"):
        mixed._update([stranger])
    county, home = mixed[6], mixed[0]
    assert list(mixed._update([county, home, county])) == [county, home]


# ---- copies -----------------------------------------------------------------------------------------


class Keeper(RowModel):
    """Keeps agents, sets and blocks in its own state."""

    def __init__(self, n=4):
        super().__init__(rng=1)
        self.friends = {agent: agent.row for agent in Household.create_agents(self, n, wealth=np.arange(n))}
        County.create_agents(self, 2)
        self.first = self.agents_by_type[Household].select(at_most=2)
        self.block = self.table(Household).block(slice(1, 3))
        self.block.wealth += 10
        self.agents[3].remove()


@pytest.mark.parametrize("how", [copy.deepcopy, lambda model: pickle.loads(pickle.dumps(model))])
def test_a_copied_model_is_whole_and_its_own(how):
    model = Keeper()
    twin = how(model)
    assert twin.table(Household).data.keys() == model.table(Household).data.keys()
    assert twin.table(Household).alive.tolist() == [True, True, True, False]
    assert twin.table(Household).living == 3
    twin.block.wealth[:] = 0
    twin.first.village = 5
    Household.create_agents(twin, 3)
    twin.agents[0].remove()
    assert twin.table(Household).wealth.tolist() == [0, 0, 0, 3, 1, 1, 1]
    assert twin.table(Household).village.tolist() == [5, 5, 0, 0, 0, 0, 0]
    assert model.table(Household).wealth.tolist() == [0, 11, 12, 3]
    assert model.table(Household).village.tolist() == [0] * 4
    assert len(model.agents) == 5
    friend = next(iter(twin.friends))
    assert friend.model is twin
    assert twin.agents_by_type[Household].table is twin.table(Household)
    assert twin.friends[Household.view(twin.table(Household), 2)] == 2
    before = model.random.getstate()
    twin.agents.shuffle()
    assert twin.first.random is twin.random is not model.random
    assert model.random.getstate() == before


@pytest.mark.parametrize("start", ["first", "block", "friend"])
def test_a_part_of_a_model_takes_the_model_with_it(start):
    model = Keeper()
    part = next(iter(model.friends)) if start == "friend" else getattr(model, start)
    twin = pickle.loads(pickle.dumps(part))
    assert twin.table.model is not model
    assert twin.table.wealth.tolist() == model.table(Household).wealth.tolist()
    assert copy.copy(part).table is part.table


def test_a_block_is_not_kept_alive_by_its_table(table):
    block = table.block(slice(0, 2))
    assert isinstance(block, Block)
    assert isinstance(table, Table)
    _ = block.wealth
    assert len(table._blocks) == 1
    del block
    assert len(table._blocks) == 0


def test_a_rowset_is_an_agentset(homes, mixed):
    assert isinstance(homes, AgentSet)
    assert isinstance(mixed, AgentSet)
