"""One policy, shock or measure of a scenario: its name, its class and the values it runs with."""

from __future__ import annotations

import copyreg
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from fupin_sim.plugins import Plugin, PluginFile


@dataclass(frozen=True, eq=False)
class Entry:
    """name: unique among its kind. use: a built-in name, or "/folder/file.py:Class". values: by parameter, complete.

    digest: of the plugin file; "" for what is built in.
    """

    name: str
    use: str
    cls: type[Plugin]
    values: Mapping[str, Any]
    digest: str = ""

    def make(self) -> Plugin:
        """An instance with these values, for one run."""
        return self.cls(self.name, self.values)

    def __reduce__(self) -> tuple[Any, ...]:
        # A class from a file cannot be imported by name in another process; the bytes of its file travel instead.
        return _entry, (self.name, self.use, self.cls.origin or self.cls, self.values, self.digest)


def _entry(name: str, use: str, cls: type[Plugin] | PluginFile, values: Mapping[str, Any], digest: str) -> Entry:
    return Entry(name, use, cls.load() if isinstance(cls, PluginFile) else cls, values, digest)


def frozen(value: Any) -> Any:
    """Tables, at any depth, as mappings that cannot be changed."""
    if isinstance(value, Mapping):
        return MappingProxyType({key: frozen(item) for key, item in value.items()})
    return value


def _proxy(table: dict[str, Any]) -> MappingProxyType[str, Any]:
    return MappingProxyType(table)


def _reduce_proxy(proxy: MappingProxyType[str, Any]) -> tuple[Any, ...]:
    return _proxy, (dict(proxy),)


copyreg.pickle(MappingProxyType, _reduce_proxy)  # Python itself has no way to pickle one
