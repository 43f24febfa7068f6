"""Imports run one way: a module imports only strictly earlier ones, also for its types and inside its functions."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "src" / "fupin_sim"

# From first to last; a folder stands for its modules, which may import one another, but not in a circle.
LAYERS = """
    version errors files shipped allocator maths ranking chance draws dynamic_programme
    dated clock toml_text reading kinds parameter paths plugins scenario
    line month given columns agents panel family tabular survey_mapping microdata surveys endowment population
    survey_report
    rates intensities pages ledger promises accounts funds allocation tally team_scales world support processes
    shocks policies costs measures outcomes recorder inference measuring
    catalogue claims muster model simulation branching counterfactual
    replicates intervals paired
    targets patterns employment team_effect codebook provenance output executors calibrate validation store
    experiment equal_cost show figures cli
"""
LAYER = {name: place for place, name in enumerate(LAYERS.split())}


def modules(package: Path) -> dict[str, ast.Module]:
    """Syntax trees by dotted name; a package is called by its folder's name."""
    trees = {}
    for file in sorted(package.rglob("*.py")):
        parts = [package.name, *file.relative_to(package).with_suffix("").parts]
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        trees[name] = ast.parse(file.read_text(encoding="utf-8"), filename=str(file))
    return trees


def imported(name: str, tree: ast.Module, known: Mapping[str, object], packages: set[str]) -> Iterator[str]:
    """The known modules that a module imports anywhere: under TYPE_CHECKING, in functions, by import_module."""
    root = name.split(".")[0]
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=aliases):
                candidates = [alias.name for alias in aliases]
            case ast.ImportFrom(module=module, names=aliases, level=level):
                if level:
                    here = name.split(".") if name in packages else name.split(".")[:-1]
                    base = ".".join([*here[: len(here) - level + 1], *([module] if module else [])])
                else:
                    base = module or ""
                candidates = [f"{base}.{a.name}" if f"{base}.{a.name}" in known else base for a in aliases]
            case ast.Call(
                func=ast.Name(id="import_module" | "__import__") | ast.Attribute(attr="import_module"),
                args=[ast.Constant(value=str(target)), *_],
            ):
                candidates = [target]
            case _:
                continue
        for candidate in candidates:
            if candidate.split(".")[0] == root:
                assert candidate in known, f"{name} imports {candidate}, which does not exist"
                yield candidate


def graph(trees: Mapping[str, ast.Module]) -> dict[str, set[str]]:
    """For every module the others that it imports."""
    packages = {name for name in trees if any(other.startswith(f"{name}.") for other in trees)}
    return {name: set(imported(name, tree, trees, packages)) - {name} for name, tree in trees.items()}


def layer(name: str) -> int:
    """The place of a module, or of the folder it is in, among the layers."""
    part = name.split(".")[1]
    assert part in LAYER, f"{name} has no place among the layers of {Path(__file__).name}: say where it belongs"
    return LAYER[part]


def backward(edges: Mapping[str, set[str]]) -> list[str]:
    """Imports of a later layer; the root package, which hands out what others make, has none."""
    return [
        f"{name} imports {target}, which comes after it"
        for name, targets in sorted(edges.items())
        if "." in name
        for target in sorted(targets)
        if "." in target and layer(target) > layer(name)
    ]


def assert_one_way(edges: Mapping[str, set[str]]) -> None:
    try:
        TopologicalSorter(edges).prepare()
    except CycleError as circle:
        pytest.fail(f"imports go in a circle: {' <- '.join(circle.args[1])}")
    assert backward(edges) == []


def test_imports_run_one_way() -> None:
    edges = graph(modules(PACKAGE))
    assert len(edges) > 10
    assert_one_way(edges)


def test_every_layer_exists_and_every_module_has_one() -> None:
    parts = {name.split(".")[1] for name in modules(PACKAGE) if "." in name}
    assert sorted(parts - set(LAYER)) == [], "say where they belong"
    assert sorted(set(LAYER) - parts) == [], "they are gone; take them out of LAYERS"


def made_of(**sources: str) -> dict[str, set[str]]:
    """The graph of a package written in the test; double underscores stand for dots."""
    trees = {f"fupin_sim.{name.replace('__', '.')}": ast.parse(source) for name, source in sources.items()}
    return graph({"fupin_sim": ast.parse("")} | trees)


@pytest.mark.parametrize(
    "text",
    [
        "import fupin_sim.world",
        "from fupin_sim.world import World",
        "from fupin_sim import world",
        "from . import world",
        "from .world import World",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from fupin_sim.world import World",
        "def f():\n    from fupin_sim.world import World",
        "import importlib\nimportlib.import_module('fupin_sim.world')",
    ],
)
def test_a_backward_import_is_caught_however_it_is_written(text: str) -> None:
    edges = made_of(maths=text, world="")
    assert backward(edges) == ["fupin_sim.maths imports fupin_sim.world, which comes after it"]
    assert backward(made_of(world=text.replace("world", "maths"), maths="")) == []


def test_a_circle_within_a_folder_is_caught() -> None:
    county, team = "from fupin_sim.agents import team", "from .county import County"
    edges = made_of(agents="", agents__county=county, agents__team=team)
    assert edges["fupin_sim.agents.team"] == {"fupin_sim.agents.county"}
    with pytest.raises(pytest.fail.Exception, match="circle"):
        assert_one_way(edges)


def test_a_circle_through_the_root_package_is_caught() -> None:
    trees = {
        "fupin_sim": ast.parse("def __getattr__(name):\n    from fupin_sim.model import PovertyModel"),
        "fupin_sim.model": ast.parse("from fupin_sim import __version__"),
    }
    with pytest.raises(pytest.fail.Exception, match="circle"):
        assert_one_way(graph(trees))


def test_a_module_without_a_layer_must_be_given_one() -> None:
    with pytest.raises(AssertionError, match="say where it belongs"):
        backward(made_of(newcomer="import fupin_sim.maths", maths=""))
