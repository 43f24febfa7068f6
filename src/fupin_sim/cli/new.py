"""The command `new`: a scenario, policy or shock of the user's own, begun from a template that works."""

from __future__ import annotations

import importlib.util
import keyword
import re
from importlib import resources
from pathlib import Path
from string import Template

from fupin_sim.errors import BadInput
from fupin_sim.files import write_text

FILES = {
    "scenario": ("scenario.toml", "test_scenario.py"),
    "policy": ("policy.py", "policy.toml", "test_policy.py"),
    "shock": ("shock.py", "shock.toml", "test_shock.py"),
}


def begin(kind: str, name: str, folder: Path) -> None:
    """Write the template's files and say what to do next. Raises BadInput; nothing is ever written over."""
    texts = {folder / file.replace(kind, name): text for file, text in filled(kind, name).items()}
    mistakes = mistakes_in(name, folder) + [f"{file}: is there already" for file in texts if file.exists()]
    if mistakes:
        raise BadInput(mistakes, f"fupin-sim new {kind} {name}")
    for file, text in texts.items():
        try:
            write_text(file, text)
        except OSError as error:
            raise BadInput(f"{file}: cannot be written ({error.strerror or error})", f"fupin-sim new {kind}") from error
    print("Written: " + ", ".join(str(file) for file in texts))
    print(f"Try it:  fupin-sim run {folder / name}.toml --replicates 4")
    print(f"Test it: python -m pytest {folder / f'test_{name}.py'}")


def filled(kind: str, name: str) -> dict[str, str]:
    """The texts of a kind's templates with the name put in, by file name."""
    words = {"name": name, "Name": class_name(name), "Title": name.replace("_", " ").strip().capitalize()}
    templates = resources.files("fupin_sim") / "templates"
    read = {file: (templates / f"{file}.template").read_text(encoding="utf-8") for file in FILES[kind]}
    return {file: Template(text).substitute(words) for file, text in read.items()}


def class_name(name: str) -> str:
    """A name of a class.

    >>> class_name("school_meals")
    'SchoolMeals'
    """
    return "".join(word.capitalize() for word in name.split("_"))


def mistakes_in(name: str, folder: Path) -> list[str]:
    """Why a name cannot be that of a file, a Python module and a class at once, or a folder cannot take it."""
    mistakes = []
    if not re.fullmatch(r"[^\W\d_]\w*", name) or name != name.lower():
        simple = re.sub(r"\W+", "_", name.lower()).strip("_")
        hint = f' Did you mean "{simple}"?' if re.fullmatch(r"[^\W\d_]\w*", simple) else ""
        mistakes.append(f"{name}: a name has small letters, digits and _, and begins with a letter.{hint}")
    elif keyword.iskeyword(name):
        mistakes.append(f"{name}: is a word of Python; choose another")
    elif importlib.util.find_spec(name) is not None:
        mistakes.append(f"{name}: a Python module has this name; choose another")
    if not folder.is_dir():
        mistakes.append(f"--in {folder}: is no folder")
    return mistakes
