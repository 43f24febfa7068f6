"""What can be plugged into a run: base classes, and the class in a file that `use = "my_policy.py"` names.

A plugin file is code. It runs with all rights of the user as soon as a scenario that names it is read, also when it
is only checked; read a stranger's plugin before you check a stranger's scenario.
"""

from __future__ import annotations

import re
import sys
import traceback
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any, ClassVar, Literal

from fupin_sim.dated import Series
from fupin_sim.errors import BadInput, nearest
from fupin_sim.parameter import Parameter, parameters_of
from fupin_sim.reading import digest_of, read_bytes
from fupin_sim.toml_text import listed


@dataclass(frozen=True)
class PluginFile:
    """A class in a file of the user's: where it stood, its name, and the very bytes that were run.

    The bytes travel with the class into other processes, so that all run the same code, whatever becomes of the file.
    """

    path: str
    class_name: str
    source: bytes

    @property
    def digest(self) -> str:
        """What stands for the file in the key of a scenario."""
        return digest_of(self.source)

    def load(self) -> type[Plugin]:
        """The class, from the bytes; the same object whenever it is loaded again."""
        cls: type[Plugin] = getattr(_module(Path(self.path), self.source), self.class_name)
        if "origin" not in vars(cls):
            cls.origin = self
        return cls


class Plugin:
    """Something with a name and parameters; an instance holds the values that are in force.

    name: as in the scenario. values: by parameter; what is missing takes its default, a Series becomes a schedule.

    >>> class Rain(Plugin):
    ...     pass
    >>> Rain("rain").values
    {}
    """

    renamed: ClassVar[Mapping[str, tuple[str, str]]] = {}
    """Retired names of parameters: {"old": ("new", "0.3")} answers that old was renamed new in version 0.3."""

    origin: ClassVar[PluginFile | None] = None
    """The file the class comes from; None for what is built in."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        for attribute, value in vars(cls).items():
            if isinstance(value, Parameter):
                _check_names(cls, attribute, value)

    def __init__(self, name: str = "", values: Mapping[str, Any] | None = None) -> None:
        self.name = name or type(self).__name__
        given = {key: parameter.default for key, parameter in parameters_of(type(self)).items()} | dict(values or {})
        self.schedules = {key: value for key, value in given.items() if isinstance(value, Series)}
        self.values = given | {key: series.values[0] for key, series in self.schedules.items()}

    def at(self, month: int) -> None:
        """Put the values of that month in force."""
        for key, series in self.schedules.items():
            self.values[key] = series.at(month)


class Section(Plugin):
    """A settings table of the scenario, such as [population] or [line]."""


class Process(Plugin):
    """Something that happens every month to every household, village or county."""

    local: ClassVar[bool] = True
    """Whether it runs block by block (whole villages); otherwise on whole columns."""

    def run(self, world: Any) -> None:
        """Change the world by one month."""


class Shock(Plugin):
    """Something that befalls a place at a time."""

    def adjust(self, world: Any) -> None:
        """Adjust named rates of this month."""

    def strike(self, world: Any) -> None:
        """Destroy, delay, bereave."""


class Policy(Plugin):
    """An instrument, seen by the month through four hooks only; none reads another policy."""

    def adjust(self, world: Any) -> None:
        """Adjust named rates of this month."""

    def claim(self, world: Any) -> Any:
        """What each household is to be paid this month: whole fen, shape (n,), or None for nobody."""
        return None

    def paid(self, world: Any, amount: Any) -> None:
        """Hear what settlement paid of the claim: whole fen, shape (n,)."""

    def describe(self) -> str:
        """One line for the order of the month."""
        return (type(self).__doc__ or type(self).__name__).strip().splitlines()[0]


class Measure(Plugin):
    """A number, or a number by group, looked up in the world."""

    unit: ClassVar[str] = ""
    every: ClassVar[str] = "month"
    better: ClassVar[str] = ""
    doc: ClassVar[str] = ""
    by_default: ClassVar[bool] = True
    """Whether it is taken when the scenario has no list of measures; one that is not must be named there."""
    headline: ClassVar[Literal["mean", "sum"]] = "mean"
    """What one number stands for the whole run: the mean over months or years, or their sum, as of what was spent."""

    def take(self, world: Any) -> float | dict[str, float]:
        """The measure of this month or year."""
        raise NotImplementedError


def _check_names(cls: type[Plugin], attribute: str, parameter: Parameter) -> None:
    """Refuse a parameter that would hide a method, or a key that every entry has; raises TypeError."""
    hidden = [base for base in cls.__mro__[1:] if attribute in vars(base)]
    if attribute in ("name", "values", "schedules") or any(
        not isinstance(vars(base)[attribute], Parameter | None) for base in hidden
    ):
        raise TypeError(
            f"{cls.__name__}.{attribute} would hide what every plugin has; call the attribute otherwise "
            f'and say Parameter(…, name="{attribute}")'
        )
    if parameter.name in ("name", "use", "enabled"):
        raise TypeError(f'{cls.__name__}: no parameter can be called "{parameter.name}"; every entry has that key')
    if not re.fullmatch(r"[^\W\d][\w-]*", parameter.name):
        raise TypeError(f'{cls.__name__}: "{parameter.name}" cannot be the name of a parameter')


_modules: dict[tuple[str, str], ModuleType] = {}  # by path and digest: one class object however often it is named


def is_file(use: str) -> bool:
    """Whether a `use` names a file beside the scenario, not something built in.

    >>> is_file("dibao"), is_file("my_policy.py"), is_file("../mine.py:Voucher")
    (False, True, True)
    """
    return "/" in use or "\\" in use or use.partition(":")[0].endswith(".py") or use.endswith(".py")


def default_name(use: str) -> str:
    """The name of an entry that gives none: its `use`, or the file's without folder and ".py", or its class.

    >>> default_name("dibao"), default_name("mine/voucher.py"), default_name("mine.py:Voucher")
    ('dibao', 'voucher', 'Voucher')
    """
    if not is_file(use):
        return use
    file, class_name = _split(use)
    return class_name or Path(file.replace("\\", "/")).stem


def load_plugin(use: str, base: type[Plugin], folder: Path) -> type[Plugin]:
    """The class derived from `base` in the file that `use` names: "file.py", or "file.py:Class" if it has several.

    folder: where the file is looked for. The file is run. Raises BadInput with one mistake.
    """
    file, class_name = _split(use)
    try:
        path = Path(folder, file).resolve()
    except (ValueError, OSError, RuntimeError):  # a null byte, a link that leads to itself
        raise BadInput("is no name of a file") from None
    try:
        source = read_bytes(path)
    except ValueError as error:
        raise BadInput(str(error)) from None
    class_name = _class_in(_module(path, source), base, class_name, Path(file).name)
    return PluginFile(str(path), class_name, source).load()


def _split(use: str) -> tuple[str, str]:
    """The file and the class of "file.py:Class"; the class is "" when not given."""
    file, colon, class_name = use.rpartition(":")
    return (file, class_name) if colon and class_name.isidentifier() else (use, "")


def _module(path: Path, source: bytes) -> ModuleType:
    """The module that the bytes make; raises BadInput with the exception and its line where they fail."""
    place = (str(path), digest_of(source))
    if place not in _modules:
        module = ModuleType("fupin_sim_plugin_" + digest_of("\0".join(place).encode("utf-8", "surrogateescape")))
        module.__file__ = str(path)
        sys.modules[module.__name__] = module  # dataclasses and pickle look a class's module up by name
        try:
            exec(compile(source, str(path), "exec"), vars(module))
        except (Exception, SystemExit) as error:
            del sys.modules[module.__name__]
            raise BadInput(f"does not load: {_in_one_line(error, path)}") from None
        _modules[place] = module
    return _modules[place]


def _in_one_line(error: BaseException, path: Path) -> str:
    """The exception's type, message and line in the plugin."""
    if isinstance(error, SyntaxError):
        line, text = error.lineno, error.msg
    else:
        lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == str(path)]
        line, text = lines[-1] if lines else None, str(error)
    said = f"{type(error).__name__}: {' '.join(text.split())}" if text else type(error).__name__
    return f"{said} (line {line})" if line else said


def _class_in(module: ModuleType, base: type[Plugin], class_name: str, file: str) -> str:
    """The name of the module's one class derived from `base`, or `class_name` if it is one; raises BadInput."""
    kind = base.__name__
    found = {
        value: name  # by class: a second name for one class makes no second class
        for name, value in reversed(vars(module).items())
        if isinstance(value, type) and issubclass(value, base) and value.__module__ == module.__name__
    }
    names = sorted(found.values())
    if class_name:
        if isinstance(vars(module).get(class_name), type) and vars(module)[class_name] in found:
            return class_name
        raise BadInput(f'has no {kind} called "{class_name}".{nearest(class_name, names)}  It has {listed(names)}')
    if not names:
        raise BadInput(f"has no class derived from {kind}; begin one with: class Mine({kind}):")
    if len(names) > 1:
        raise BadInput(f'has several: {listed(names)}; say which one: use = "{file}:{names[0]}"')
    return names[0]
