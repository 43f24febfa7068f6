"""The layers of a scenario: a file, what it extends, what that extends, and what is set on top."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from fupin_sim import shipped
from fupin_sim.errors import BadInput
from fupin_sim.reading import read_bytes
from fupin_sim.toml_text import shown

TABLES = "the scenario given"  # where the mistakes of ready tables are


@dataclass(frozen=True)
class Layer:
    """The tables of one file. folder: where its plugins and data are; mention: its name, before its mistakes."""

    data: Mapping[str, Any]
    folder: Path
    mention: str = ""


@dataclass(frozen=True)
class Setting:
    """One path=value given on top of the files. raw: the text of the value, if it came as text."""

    path: str
    value: Any
    raw: str | None = None


def read_layers(file: str | Path | Mapping[str, Any], folder: str | Path | None = None) -> tuple[Layer, ...]:
    """The layers of a file or of ready tables, what is extended first; raises BadInput.

    folder: where ready tables look for what they name; that of a file is its own.
    """
    if isinstance(file, Mapping):
        where, chain, top = TABLES, [TABLES], None
        try:
            data: dict[str, Any] = plain(file)
        except RecursionError:
            raise BadInput("nested too deeply", where) from None
        except TypeError as error:
            raise BadInput(str(error), where) from None
        place = Path(folder or ".").absolute()
    else:
        top = Path(file).absolute()
        where, chain, place = str(file), [top.name], top.parent
        try:
            data = _tables(top)
        except ValueError as error:
            raise BadInput(str(error), where) from None
    layers = [Layer(data, place)]
    seen = [top.resolve()] if top else []
    while "extends" in layers[0].data:
        layer = layers[0]
        parent = layer.data["extends"]
        try:
            path = _extended(parent, layer.folder)
            chain.append(path.name)
            if path.resolve() in seen:
                raise ValueError(f"extends goes round in a circle: {' -> '.join(chain)}")
            seen.append(path.resolve())
            try:
                tables = _tables(path)
            except ValueError as error:
                through = f" ({' -> '.join(chain)})" if len(chain) > 2 else ""
                raise ValueError(f"extends = {shown(parent)}: {error}{through}") from None
        except ValueError as error:
            raise BadInput(layer.mention + str(error), where) from None
        layers.insert(0, Layer(tables, path.parent, f"{path.name}: "))
    return tuple(layers)


def plain(value: Any) -> Any:
    """A copy of ready tables as TOML would give them; raises TypeError for a key that is no text."""
    if isinstance(value, Mapping):
        for key in value:
            if not isinstance(key, str):
                raise TypeError(f"the key {shown(key)} must be text")
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return os.fspath(value) if isinstance(value, os.PathLike) else value


def _extended(parent: Any, folder: Path) -> Path:
    if not isinstance(parent, str) or not parent or "\0" in parent:
        raise ValueError(f"extends = {shown(parent)}: must be the name of a scenario file, in quotes")
    path = folder / parent
    # A bare name is a shipped scenario, unless a file of that name stands beside this one.
    return shipped.folder() / f"{parent}.toml" if parent in shipped.names() and not path.exists() else path


def _tables(path: Path) -> dict[str, Any]:
    """The tables of a scenario file; raises ValueError with a sentence that follows the file's name."""
    tables = tables_of(text_of(path))
    if not tables:
        raise ValueError("holds nothing; a scenario says at least one thing, such as [scenario] years = 10")
    if "study" in tables:
        raise ValueError("is not a scenario but a study; fupin-sim study runs it")
    return tables


def text_of(path: Path, kind: str = "scenario") -> str:
    """The text of a TOML file; raises ValueError with a sentence that follows the file's name."""
    try:
        return read_bytes(path).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ValueError(f"is not text in UTF-8; a {kind} is a TOML file") from None


def tables_of(text: str) -> dict[str, Any]:
    """The tables of a text; raises ValueError likewise."""
    try:
        tables = tomllib.loads(text)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    except ValueError as error:  # TOMLDecodeError, and an integer of too many digits
        raise ValueError(f"is not TOML: {error}{_bare_point(str(error), text)}") from None
    return tables


def _bare_point(error: str, text: str) -> str:
    """A hint where the faulty line has a number like .8, which TOML does not know."""
    place = re.search(r"at line (\d+)", error)
    line = text.splitlines()[int(place[1]) - 1] if place else ""
    number = re.search(r"[=,\[]\s*[+-]?(\.[0-9]+)", line)
    return f". Write 0{number[1]}, not {number[1]}" if number else ""


def settings_of(sets: Sequence[str] | Mapping[str, Any]) -> tuple[tuple[Setting, ...], list[str]]:
    """What is set on top, by "path=value" texts or {path: value}, and what is wrong with it.

    >>> settings_of(["line.rule=indexed", "policy.cash.amount=300"])[0][1].value
    300
    """
    settings, mistakes = [], []
    if isinstance(sets, Mapping):
        for path, value in sets.items():
            try:
                settings.append(Setting(str(path), plain(value)))
            except (TypeError, RecursionError) as error:
                mistakes.append(f"{path}: {error if isinstance(error, TypeError) else 'nested too deeply'}")
        return tuple(settings), mistakes
    for text in [sets] if isinstance(sets, str) else sets:
        path, equals, raw = (part.strip() for part in str(text).partition("="))
        try:
            if not equals or not path:
                raise ValueError("must be path=value, such as scenario.years=5")
            settings.append(Setting(path, _value(raw), raw))
        except ValueError as error:
            mistakes.append(f"--set {shown(path + equals + raw)[1:-1]}: {error}")
    return tuple(settings), mistakes


def _value(raw: str) -> Any:
    """A value in TOML; bare words are text. Raises ValueError for what begins like TOML and is not."""
    if re.fullmatch(r"[+-]?(\.[0-9]+|[0-9]+\.)", raw):
        return float(raw)  # .8 is no TOML, but whoever types it means a number
    try:
        tables = tomllib.loads(f"value = {raw}")
    except (ValueError, RecursionError) as error:
        if re.match(r"""["'\[{]""", raw):
            reason = "nested too deeply" if isinstance(error, RecursionError) else error
            raise ValueError(f"is not a TOML value: {reason}") from None
        return raw
    if list(tables) != ["value"] or isinstance(tables["value"], date | datetime | time):
        return raw
    return tables["value"]
