"""One grammar for naming any parameter: SECTION.P, process.FILE.P, policy.NAME.P, shock.NAME.P, measures.NAME.P."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from fupin_sim.errors import nearest
from fupin_sim.parameter import parameters_of
from fupin_sim.toml_text import listed

GROUPS = {"process": "processes", "policy": "policies", "shock": "shocks", "measures": "measures"}
"""What holds named entries, and the plural for messages."""

Place = tuple[str, str, str]
"""Group ("" for a section), name of the section or entry, parameter."""


@dataclass(frozen=True)
class Places:
    """Everything a path can name.

    sections: class by name. groups: for each of GROUPS, class by entry; a class of None is not known, so that
    whatever follows is taken as right. extra: keys beside the parameters, by group.
    """

    sections: Mapping[str, type]
    groups: Mapping[str, Mapping[str, type | None]] = field(default_factory=dict)
    extra: Mapping[str, Collection[str]] = field(default_factory=dict)

    def find(self, path: str) -> Place:
        """What a path names; raises ValueError with a sentence that follows the path.

        >>> class Line: ...
        >>> Places({"line": Line}, {"policy": {"cash": None}}).find("policy.cash.amount")
        ('policy', 'cash', 'amount')
        >>> Places({"line": Line}).find("lines.level")
        Traceback (most recent call last):
        ValueError: no section "lines". Did you mean "line"?  A path begins with line, process, policy, shock, measures
        """
        parts = path.split(".")
        if parts[0] in GROUPS and (parts[0] != "measures" or len(parts) > 2 or "measures" not in self.sections):
            return self._in_group(parts)
        if parts[0] not in self.sections:
            raise ValueError(self._no_section(parts))
        if len(parts) != 2:
            raise ValueError(f"a path here is {parts[0]}.PARAMETER")
        section, key = parts
        _require(self.sections[section], f"{section}.", key)
        return "", section, key

    def _no_section(self, parts: list[str]) -> str:
        heads = [*self.sections, *(group for group in GROUPS if group not in self.sections)]
        near = nearest(parts[0], heads)
        if not near and len(parts) == 1:
            homes = [name for name, cls in self.sections.items() if parts[0] in parameters_of(cls)]
            near = f" Did you mean {homes[0]}.{parts[0]}?" if homes else ""
        return f'no section "{parts[0]}".{near}  A path begins with {listed(heads, 20)}'

    def _in_group(self, parts: list[str]) -> Place:
        group = parts[0]
        if len(parts) != 3:
            raise ValueError(f"a path here is {group}.NAME.PARAMETER")
        _, name, key = parts
        entries = self.groups.get(group, {})
        if name not in entries:
            raise ValueError(
                f'no {group} called "{name}".{nearest(name, entries)}  {GROUPS[group].title()} here: {listed(entries)}'
            )
        cls = entries[name]
        if cls is not None:
            _require(cls, f"{group}.{name}.", key, self.extra.get(group, ()))
        return group, name, key


def _require(cls: type, before: str, key: str, extra: Collection[str] = ()) -> None:
    if key not in parameters_of(cls) and key not in extra:
        raise ValueError(missing_parameter(cls, key, before, extra))


def missing_parameter(cls: type, key: str, before: str, extra: Collection[str] = ()) -> str:
    """That a path's last part names no parameter of the class: which path may be meant, or what there is.

    before: the path up to that part.
    """
    options = [*parameters_of(cls), *extra]
    near = nearest(key, options)
    if renamed(cls, key):
        return renamed(cls, key)
    if near:
        return "no such parameter." + near.replace('"', "").replace("mean ", f"mean {before}")
    return f"no such parameter; there are {listed(options)}"


def renamed(cls: type, key: str) -> str:
    """That a key was renamed, and since when; or nothing.

    >>> class Dibao:
    ...     renamed = {"threshold": ("level", "0.3")}
    >>> renamed(Dibao, "threshold")
    'was renamed "level" in 0.3'
    """
    new, version = getattr(cls, "renamed", {}).get(key, ("", ""))
    return f'was renamed "{new}" in {version}' if new else ""


def unknown_option(cls: type, key: str) -> str:
    """That a table has a key its class does not know: what may be meant, and what there is."""
    options = list(parameters_of(cls))
    if renamed(cls, key):
        return f'the option "{key}" {renamed(cls, key)}'
    return f'no option called "{key}".{nearest(key, options)}  Options: {listed(options)}'
