"""No source of the month may call what changes its last bits from one processor to another.

Walked are the syntax trees of the modules that move the simulation. What they need is in fupin_sim.maths (exp, log,
power, normal, sigmoid) and fupin_sim.draws; sums, sort, sqrt, rint and comparison are the same everywhere, and so is
x ** 2, but not x ** 3, which NumPy hands to the C library.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[1] / "src" / "fupin_sim"
WATCHED = (
    "draws", "chance", "ranking", "agents", "family", "population", "rates", "intensities", "ledger", "promises",
    "funds", "accounts", "tally", "line", "clock", "world", "support", "processes", "shocks", "policies", "measures",
    "recorder", "model", "dynamic_programme",
)  # fmt: skip

ELEMENTARY = {
    "exp", "exp2", "expm1", "log", "log2", "log10", "log1p", "logaddexp", "logaddexp2", "power", "float_power", "pow",
    "sin", "cos", "tan", "asin", "acos", "atan", "atan2", "arcsin", "arccos", "arctan", "arctan2", "hypot",
    "sinh", "cosh", "tanh", "asinh", "acosh", "atanh", "arcsinh", "arccosh", "arctanh", "cbrt", "sinc", "i0",
    "erf", "erfc", "gamma", "lgamma", "geomspace", "logspace",
}  # fmt: skip
PRODUCTS = {"dot", "vdot", "matmul", "inner", "outer", "einsum", "tensordot", "matvec", "vecmat", "vecdot", "convolve"}
PARTIAL_SORTS = {"partition", "argpartition"}  # the first is a method of strings too
SORTS_BY_KEY = {"argsort", "sort_values", "sort_index"}
FORBIDDEN_MODULES = (
    "random",
    "numpy.random",
    "scipy.special",
    "scipy.stats",
    "scipy.linalg",
    "numpy.linalg",
    "secrets",
)
LIBRARIES = {"np", "numpy", "math", "cmath", "scipy", "xp"}


def offences(source: str, name: str = "<sample>") -> list[str]:
    """What in this source is not portable, as "file:line: reason"."""
    return [f"{name}:{line}: {reason}" for line, reason in sorted(_walk(ast.parse(source)))]


def _walk(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                yield from ((node.lineno, f"imports {a.name}") for a in names if _forbidden_module(a.name))
            case ast.ImportFrom(module=str(module), names=names):
                yield from ((node.lineno, reason) for alias in names if (reason := _import_from(module, alias.name)))
            case ast.BinOp(op=ast.MatMult()) | ast.AugAssign(op=ast.MatMult()):
                yield node.lineno, "@ changes with the threads of BLAS"
            case ast.BinOp(op=ast.Pow(), left=ast.Constant(value=2 | 2.0), right=exponent) if _whole(exponent):
                pass  # a power of two is exact
            case ast.BinOp(op=ast.Pow(), right=exponent) | ast.AugAssign(op=ast.Pow(), value=exponent):
                if not _whole(exponent, smallest=-1, largest=2):
                    yield node.lineno, "** with anything but −1, 0, 1 or 2: use maths.power"
            case ast.Call(func=function):
                if reason := _sorting(node) or _partitioning(node):
                    yield node.lineno, reason
                if isinstance(function, ast.Name) and function.id == "pow":
                    yield node.lineno, "pow: use maths.power"
            case ast.Attribute():
                if reason := _attribute(node):
                    yield node.lineno, reason


def _import_from(module: str, name: str) -> str | None:
    whole = f"{module}.{name}"
    if _forbidden_module(module) or _forbidden_module(whole):
        return f"imports {whole}"
    if module.split(".")[0] in LIBRARIES and name in ELEMENTARY | PRODUCTS | PARTIAL_SORTS | SORTS_BY_KEY:
        return f"imports {whole} without its library's name"
    return None


def _forbidden_module(module: str) -> bool:
    return any(module == bad or module.startswith(bad + ".") for bad in FORBIDDEN_MODULES)


def _attribute(node: ast.Attribute) -> str | None:
    """A function of a library by its name, or a method that goes to one."""
    dotted = _dotted(node)
    library = dotted.split(".")[0] in LIBRARIES
    if library and node.attr in ELEMENTARY:
        return f"{dotted}: use fupin_sim.maths"
    if library and node.attr in PRODUCTS | PARTIAL_SORTS | {"random", "linalg", "special", "stats", "fft", "interp"}:
        return f"{dotted} is not portable"
    if node.attr in {"dot", "argpartition"}:
        return f"{dotted} is not portable"
    return None


def _partitioning(call: ast.Call) -> str | None:
    """A partial sort of an array in place, told from the partition of a text by its argument."""
    of_a_text = bool(call.args) and isinstance(call.args[0], ast.Constant) and isinstance(call.args[0].value, str)
    if isinstance(call.func, ast.Attribute) and call.func.attr == "partition" and not of_a_text:
        return f"{_dotted(call.func)} is not portable"
    return None


def _sorting(call: ast.Call) -> str | None:
    """An argsort, or a sort of rows by a key, that may put equal keys in any order."""
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    if name in SORTS_BY_KEY and not any(
        keyword.arg == "kind" and getattr(keyword.value, "value", None) == "stable" for keyword in call.keywords
    ):
        return f'{name} without kind="stable" leaves the order of equal keys open'
    return None


def _whole(node: ast.expr, smallest: int = -1022, largest: int = 1023) -> bool:
    """Whether this is a whole number written out, within bounds; NumPy has −1 to 2 done by division and product."""
    sign = 1
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        node, sign = node.operand, -1
    return isinstance(node, ast.Constant) and type(node.value) is int and smallest <= sign * node.value <= largest


def _dotted(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return f"{_dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else "…"


def watched_files() -> list[Path]:
    found = []
    for name in WATCHED:
        found += [*sorted((SOURCE / name).rglob("*.py")), SOURCE / f"{name}.py"]
    return [path for path in found if path.exists()]


@pytest.mark.parametrize("path", watched_files(), ids=lambda path: path.relative_to(SOURCE).as_posix())
def test_a_source_of_the_month_is_portable(path):
    assert offences(path.read_text(encoding="utf-8"), path.name) == []


def test_the_modules_that_are_watched_are_found():
    names = {path.relative_to(SOURCE).as_posix() for path in watched_files()}
    assert {"draws.py", "dynamic_programme/optimum.py", "processes/illness.py"} <= names


@pytest.mark.parametrize(
    ("sample", "reason"),
    [
        ("y = np.exp(x)", "np.exp: use fupin_sim.maths"),
        ("y = numpy.log(x)", "numpy.log"),
        ("y = np.power(x, 2)", "np.power"),
        ("y = np.float_power(x, 2)", "np.float_power"),
        ("y = np.expm1(x)", "np.expm1"),
        ("y = np.log1p(x)", "np.log1p"),
        ("y = np.sin(x)", "np.sin"),
        ("y = np.tanh(x)", "np.tanh"),
        ("f = np.exp", "np.exp"),
        ("y = np.power.outer(x, x)", "np.power"),
        ("y = np.multiply.outer(x, x) + math.exp(2)", "math.exp"),
        ("y = math.pow(2, .5)", "math.pow"),
        ("from math import exp", "imports math.exp"),
        ("from numpy import log as ln", "imports numpy.log"),
        ("from numpy import argsort", "imports numpy.argsort"),
        ("y = x ** 0.5", "** with anything but"),
        ("y = x ** a", "** with anything but"),
        ("y = 2 ** k", "** with anything but"),
        ("y = x ** 3", "** with anything but"),
        ("y = x ** -2", "** with anything but"),
        ("y = x ** 2.0", "** with anything but"),
        ("x **= .3", "** with anything but"),
        ("y = pow(x, .3)", "pow"),
        ("y = a @ b", "@ changes"),
        ("a @= b", "@ changes"),
        ("y = np.dot(a, b)", "np.dot"),
        ("y = a.dot(b)", "a.dot"),
        ("y = np.matmul(a, b)", "np.matmul"),
        ("y = np.einsum('i,i', a, b)", "np.einsum"),
        ("y = np.inner(a, b)", "np.inner"),
        ("y = np.linalg.solve(a, b)", "np.linalg"),
        ("y = np.interp(a, b, c)", "np.interp"),
        ("i = np.argsort(x)", 'argsort without kind="stable"'),
        ("i = x.argsort()", 'argsort without kind="stable"'),
        ("i = np.argsort(x, kind='quicksort')", 'argsort without kind="stable"'),
        ("i = np.argsort(x, kind=kind)", 'argsort without kind="stable"'),
        ("d = frame.sort_values('x')", "sort_values without"),
        ("i = np.argpartition(x, 3)", "np.argpartition"),
        ("i = x.argpartition(3)", "x.argpartition"),
        ("x.partition(3)", "x.partition"),
        ("import random", "imports random"),
        ("from random import random", "imports random.random"),
        ("import numpy.random as r", "imports numpy.random"),
        ("from numpy import random", "imports numpy.random"),
        ("u = np.random.default_rng(1).random()", "np.random"),
        ("import scipy.special", "imports scipy.special"),
        ("from scipy import special", "imports scipy.special"),
        ("from scipy.special import ndtri", "imports scipy.special.ndtri"),
        ("from scipy.stats import norm", "imports scipy.stats"),
        ("y = scipy.special.ndtri(u)", "scipy.special"),
        ("def f():\n    if x:\n        return [np.exp(x) for x in y]", ":3: np.exp"),
    ],
)
def test_every_offence_is_seen(sample, reason):
    assert any(reason in offence for offence in offences(sample))


@pytest.mark.parametrize(
    "sample",
    [
        "from fupin_sim import maths\ny = maths.exp(x) + maths.log(x) + maths.power(x, .3)",
        "y = x ** 2 + z ** 1 + w ** -1 + 2.0 ** -53",
        "y = np.sqrt(x) + np.rint(x) + np.abs(x) + np.sort(x).sum() + np.cumsum(x)",
        "i = np.argsort(x, kind='stable')",
        "i = x.argsort(kind='stable')",
        "i = np.lexsort((luck, fraction))",
        "y = self.power + rates.exp",
        "u = world.draw('random visit')",
        "name, _, rest = text.partition('.')",
        "def f(**options): return dict(**options)",
    ],
)
def test_what_is_portable_passes(sample):
    assert offences(sample) == []


def test_an_offence_names_file_and_line():
    assert offences("x = 1\ny = np.exp(x)", "illness.py") == ["illness.py:2: np.exp: use fupin_sim.maths"]
