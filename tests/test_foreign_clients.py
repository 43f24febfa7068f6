"""Other people's laboratories drive the model as a function of numbers: SALib, SciPy, a Jupyter notebook.

The luck is the same in every run, so a factor that does nothing has an effect of exactly zero, not of some noise.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

import fupin_sim
from fupin_sim.model import spec_of

NOTEBOOKS = sorted((Path(__file__).parents[1] / "docs" / "notebooks").glob("*.ipynb"))
SMALL = {
    "population.villages": 3, "population.counties": 1, "population.households": 20, "scenario.years": 1,
    "burn_in.months": 6, "measures.use": ["headcount", "income"],
}  # fmt: skip
FACTORS = {"process.illness.risk": (0.02, 0.2), "process.dependence.strength": (0.0, 0.46), "line.level": (3000, 6000)}
SEED = 3


@pytest.fixture(scope="module")
def village():
    """No policy is in force, so there is no relief to depend on."""
    return spec_of(None, SMALL)


def lived(scenario, values, measure="income"):
    """One measure as a function of the factors' values."""
    result = fupin_sim.simulate(scenario, SEED, sets=dict(zip(FACTORS, map(float, values), strict=True)))
    return result.headlines[measure]


def test_salib_screens_the_model_by_the_method_of_morris(village):
    from SALib.analyze import morris as analysis
    from SALib.sample import morris as sample

    problem = {"num_vars": 3, "names": list(FACTORS), "bounds": [list(ends) for ends in FACTORS.values()]}
    points = sample.sample(problem, N=4, num_levels=4, seed=1)
    assert points.shape == (16, 3)
    incomes = np.array([lived(village, point) for point in points])
    found = analysis.analyze(problem, points, incomes, num_levels=4, seed=1)
    risk, dependence, line = range(3)
    assert found["mu"][risk] < -100  # illness takes months of labour
    assert found["mu_star"][dependence] == 0
    assert found["mu_star"][line] < 0.05 * found["mu_star"][risk]


def test_salib_draws_the_points_and_a_sweep_lives_them(village):
    """On two lucks at once; what comes back is in the order of the points."""
    from SALib.analyze import morris as analysis
    from SALib.sample import morris as sample

    problem = {"num_vars": 3, "names": list(FACTORS), "bounds": [list(ends) for ends in FACTORS.values()]}
    points = sample.sample(problem, N=3, num_levels=4, seed=2)
    vary = {name: column.tolist() for name, column in zip(FACTORS, points.T, strict=True)}
    found = fupin_sim.sweep(village, vary=vary, design="list", replicates=2, measures=["income"])
    response = found.response("income")
    assert np.allclose(response[list(FACTORS)], points, rtol=1e-11)
    assert set(response["n"]) == {2}
    effects = analysis.analyze(problem, points, response["mean"].to_numpy(), num_levels=4, seed=1)
    assert effects["mu_star"].argmax() == 0
    assert effects["mu_star"][1] == 0


def test_salib_tells_variances_apart_by_the_method_of_sobol(village):
    from SALib.analyze import sobol as analysis
    from SALib.sample import sobol as sample

    problem = {"num_vars": 3, "names": list(FACTORS), "bounds": [list(ends) for ends in FACTORS.values()]}
    points = sample.sample(problem, 8, calc_second_order=False, seed=1)
    assert len(points) == 8 * 5
    heads = np.array([lived(village, point, "headcount") for point in points])
    found = analysis.analyze(problem, heads, calc_second_order=False, num_resamples=20, seed=1)
    _, dependence, line = range(3)
    assert (found["S1"][dependence], found["ST"][dependence]) == (0, 0)
    assert found["ST"].argmax() == line
    assert found["ST"][line] > 0.5


def test_scipy_finds_the_same_sobol_indices_to_be_zero_and_large(village):
    shapes = [stats.uniform(low, high - low) for low, high in FACTORS.values()]

    def incomes(columns):
        return np.array([lived(village, point) for point in columns.T])

    found = stats.sobol_indices(func=incomes, n=8, dists=shapes, rng=np.random.default_rng(1))
    risk, dependence, _ = range(3)
    assert (found.first_order[dependence], found.total_order[dependence]) == (0, 0)
    assert found.total_order.argmax() == risk
    assert found.total_order[risk] > 0.5


def test_there_is_a_notebook():
    assert NOTEBOOKS


@pytest.mark.parametrize("file", NOTEBOOKS, ids=lambda file: file.name)
def test_a_notebook_runs_from_top_to_bottom(file, tmp_path, monkeypatch):
    """In a kernel of this very Python, whatever kernels the machine has."""
    nbformat = pytest.importorskip("nbformat")
    from nbclient import NotebookClient

    kernel = tmp_path / "kernels" / "python3"
    kernel.mkdir(parents=True)
    command = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    about = {"argv": command, "display_name": "Python 3", "language": "python"}
    (kernel / "kernel.json").write_text(json.dumps(about), encoding="utf-8")
    for name in ("JUPYTER_PATH", "IPYTHONDIR", "JUPYTER_RUNTIME_DIR"):
        monkeypatch.setenv(name, str(tmp_path))
    source = str(Path(fupin_sim.__file__).parents[1])
    monkeypatch.setenv("PYTHONPATH", source)
    notebook = nbformat.read(file, as_version=4)
    assert all(not cell.get("outputs") for cell in notebook.cells), "kept without output; running it makes it"
    client = NotebookClient(notebook, timeout=120, kernel_name="python3", resources={"metadata": {"path": tmp_path}})
    client.execute()
    printed = [out for cell in notebook.cells for out in cell.get("outputs", ())]
    assert printed
    assert not [out for out in printed if out["output_type"] == "error"]
