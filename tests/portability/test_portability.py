"""Maths, draws and the dynamic programme have the same bits whatever the processor offers."""

from __future__ import annotations

import pytest

from tests.portability.children import (
    AS_IS,
    HASH,
    NUMPY_FEATURES,
    PLAIN,
    PLAIN_LIBM,
    PLAIN_NUMPY,
    digests,
    missing,
    run,
)

INPUT = """
import numpy as np
from fupin_sim.draws import Draws, luck_key
u = Draws(7).uniform("portability", 24192, luck_key(np.arange(200)[:, None], np.arange(200)))
"""

SNIPPETS = {
    "maths": INPUT
    + """
from fupin_sim import maths
edges = np.array([0.0, 1.0, -1.0, np.inf, 5e-324, 1e-310, 709.0, 709.78, -708.5, -745.1])
result = {
    "exp": maths.exp(u * 1400 - 700), "log": maths.log(u * 1e5), "power": maths.power(u * 1e5, 0.3),
    "powers": maths.power(u, 4 * u), "sigmoid": maths.sigmoid(u * 20 - 10), "normal": maths.normal(u),
    "far": maths.normal(u * 1e-9), "edges": [f(edges) for f in (maths.exp, maths.log, maths.normal, maths.sigmoid)],
}
""",
    "draws": INPUT
    + """
luck = luck_key("town", np.arange(30_000), np.array([f"h{i}" for i in range(30_000)]))
result = u, luck, Draws(2**70, ((3, 5),)).normal("illness", 3, luck)
""",
    "dynamic programme": """
from fupin_sim.dynamic_programme import TRAP, policy, solve, targets
import numpy as np
table, kept = solve(TRAP, [0.9, 1.0, 1.05, 1.3]), policy(TRAP, [1.0])
result = [table.threshold, table.low, table.high, kept.kept, kept.value, kept.keeps(np.linspace(0, 20, 99), 1.0)]
result += [*targets().at(np.linspace(0.2, 3.2, 10_000))]
""",
}


@pytest.mark.parametrize("name", SNIPPETS)
def test_the_bits_are_the_same_in_every_way_this_machine_allows(name):
    digest = digests(SNIPPETS[name])
    assert len(set(digest.values())) == 1, digest


@pytest.fixture(scope="module")
def ways_taken():
    return set(digests("result = 0"))


@pytest.mark.parametrize("way", [AS_IS, PLAIN_NUMPY, PLAIN_LIBM, PLAIN])
def test_this_way_could_be_taken_here(way, ways_taken):
    if way in missing():
        pytest.skip(missing()[way])
    assert way in ways_taken


@pytest.mark.parametrize(
    ("way", "snippet"),
    [
        (PLAIN_NUMPY, "import numpy as np; result = np.sin(np.linspace(0, 9, 9999, dtype=np.float32))"),
        (PLAIN_LIBM, "import math; result = [math.sin(i / 100) for i in range(9999)]"),
    ],
)
def test_the_children_would_notice_a_function_that_is_not_portable(way, snippet):
    if way in missing():
        pytest.skip(missing()[way])
    digest = digests(snippet)
    assert digest[way] != digest[AS_IS]


def test_a_digest_tells_values_shapes_types_and_signs_of_zero_apart():
    snippets = ("np.zeros(4)", "-np.zeros(4)", "np.zeros((2, 2))", "np.zeros(4, int)", "[0.0] * 4", "'0000'", "1e-9")
    found = run("import numpy as np\n" + "".join(f"result = {snippet}\n{HASH}\n" for snippet in snippets)).split()
    assert len(set(found)) == len(snippets) + 1  # and the word "digest"


def test_a_child_that_fails_says_why():
    with pytest.raises(AssertionError, match="no such thing"):
        digests("raise ValueError('no such thing')")


def test_a_child_is_not_allowed_to_be_less_crippled_than_it_says():
    if PLAIN_NUMPY in missing():
        pytest.skip(missing()[PLAIN_NUMPY])
    with pytest.raises(AssertionError, match="still on"):
        run(NUMPY_FEATURES + "assert not on, f'still on: {on}'", {"NPY_DISABLE_CPU_FEATURES": ""})
