"""What the project promises about itself: one version, bounded dependencies, a lock that names nobody's machine."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

import fupin_sim

ROOT = Path(__file__).parents[1]
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

PINNED = re.compile(r"(?P<name>[a-z0-9-]+)==(?P<version>[0-9][0-9a-z.]*)(?: ; (?P<marker>[^\\]+))? \\")
HASH = re.compile(r"    --hash=sha256:[0-9a-f]{64}(?: \\)?")


def lock_mistakes(lock: str) -> list[str]:
    """The lines that are neither a pinned release nor a hash: an address, a path, an index, an option."""
    return [line for line in lock.splitlines() if not PINNED.fullmatch(line) and not HASH.fullmatch(line)]


def all_requirements() -> list[str]:
    return [*PROJECT["dependencies"], *(r for extra in PROJECT["optional-dependencies"].values() for r in extra)]


def test_the_lock_names_releases_and_hashes_and_nothing_else() -> None:
    assert lock_mistakes(LOCK) == []
    assert len(PINNED.findall(LOCK)) > 30


@pytest.mark.parametrize(
    "line",
    [
        "--extra-index-url http://example.invalid/simple",
        "--find-links /somewhere",
        "mesa @ file:///somewhere/mesa.whl",
        "mesa>=3.3.1",
        "# made by: a command with a path",
        "    --hash=md5:0123",
    ],
)
def test_a_lock_with_an_address_a_path_or_a_loose_version_is_caught(line: str) -> None:
    assert lock_mistakes(f"{LOCK}{line}\n") == [line]


def test_every_locked_release_has_a_hash() -> None:
    for block in re.split(r"\n(?=\S)", LOCK.strip()):
        assert "--hash=sha256:" in block, block


def test_every_dependency_has_a_lower_bound_and_is_locked() -> None:
    locked = {pin["name"] for pin in PINNED.finditer(LOCK)}
    for requirement in all_requirements():
        name, bound = re.match(r"([A-Za-z0-9_-]+)(?:\[[a-z,]+\])?(.*?)(?:;|$)", requirement).groups()  # type: ignore[union-attr]
        assert ">=" in bound, f"{requirement} has no lower bound"
        assert name.lower().replace("_", "-") in locked, f"{requirement} is not in requirements.lock; run 'make lock'"


def test_the_build_backend_is_locked_so_that_no_install_step_is_unpinned() -> None:
    assert re.search(r"^hatchling==", LOCK, re.MULTILINE)


def test_mesa_is_locked_for_old_and_new_pythons_with_what_it_forgets_to_declare() -> None:
    mesa = {pin["marker"]: pin["version"] for pin in PINNED.finditer(LOCK) if pin["name"] == "mesa"}
    assert mesa["python_full_version < '3.12'"].startswith("3.3.")
    assert tuple(map(int, mesa["python_full_version >= '3.12'"].split(".")[:2])) >= (3, 5)
    assert re.search(r"^networkx==\S+ ; python_full_version >= '3.12'", LOCK, re.MULTILINE)


def test_the_version_is_said_once_and_cited_as_it_is() -> None:
    assert "version" in PROJECT["dynamic"]
    cited = re.search(r"^version: (.+)$", (ROOT / "CITATION.cff").read_text(encoding="utf-8"), re.MULTILINE)
    assert cited is not None
    assert cited[1] == fupin_sim.__version__
    assert f"## [{fupin_sim.__version__}]" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_no_file_names_the_folders_of_the_machine_it_was_written_on() -> None:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout, so the project's files cannot be told from others")
    files = [ROOT / name for name in listed.stdout.rstrip("\0").split("\0")]
    machine = [
        str(folder).encode() for folder in (ROOT, Path(sys.prefix), Path(sys.base_prefix)) if len(folder.parts) > 2
    ]
    assert len(files) > 10
    assert [file for file in files if file.exists() and any(place in file.read_bytes() for place in machine)] == []


def built_wheel(project: Path, out: Path) -> Path:
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(out)]
    subprocess.run(command, cwd=project, check=True, capture_output=True)
    (wheel,) = out.glob(f"fupin_sim-{fupin_sim.__version__}-*.whl")
    return wheel


def test_a_built_wheel_carries_the_scenarios_the_types_and_the_command(tmp_path: Path) -> None:
    with zipfile.ZipFile(built_wheel(ROOT, tmp_path)) as archive:
        names = set(archive.namelist())
        entry_points = archive.read(f"fupin_sim-{fupin_sim.__version__}.dist-info/entry_points.txt").decode()
    assert "fupin_sim/py.typed" in names
    assert {f"fupin_sim/scenarios/{file.name}" for file in (ROOT / "scenarios").glob("*.toml")} <= names
    assert "fupin_sim/scenarios/baseline.toml" in names
    assert "fupin-sim = fupin_sim.cli:main" in entry_points


def test_a_built_wheel_never_carries_survey_data(tmp_path: Path) -> None:
    project = tmp_path / "project"
    for name in ("src", "scenarios"):
        shutil.copytree(ROOT / name, project / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in (".gitignore", "LICENSE", "README.md", "pyproject.toml"):
        shutil.copy(ROOT / name, project / name)
    (project / "scenarios" / "data").mkdir(exist_ok=True)
    (project / "scenarios" / "data" / "survey.csv").write_text("id\n1\n", encoding="utf-8")
    with zipfile.ZipFile(built_wheel(project, tmp_path)) as archive:
        assert [name for name in archive.namelist() if "scenarios/data" in name] == []
