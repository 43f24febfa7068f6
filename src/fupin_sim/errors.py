"""What the user got wrong, said once and whole."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from typing import ClassVar


class BadInput(Exception):
    """Mistakes in what the user gave; the command line prints them and leaves with exit code 2.

    mistakes: one sentence each, naming the key, what is allowed and the nearest spelling.
    where: the file or command the mistakes are in. outcome: what became of the run.
    """

    outcome: ClassVar[str] = "nothing was run"

    def __init__(self, mistakes: Sequence[str] | str, where: str = "") -> None:
        self.mistakes = [mistakes] if isinstance(mistakes, str) else list(mistakes)
        self.where = where
        super().__init__(self.mistakes, where)

    def __str__(self) -> str:
        lines = [self.where] if self.where else []
        lines += [f"  {mistake}" for mistake in self.mistakes]
        n = len(self.mistakes)
        lines.append(f"{n} mistake{'s' if n != 1 else ''}; {self.outcome}.")
        return "\n".join(lines)


def nearest(word: str, allowed: Iterable[str]) -> str:
    """The hint " Did you mean …?" for a misspelt word, or nothing when no allowed word is near.

    >>> nearest("wihdraw", ["match", "withdraw"])
    ' Did you mean "withdraw"?'
    >>> nearest("W", ["y", "w"]), nearest("zzz", ["match"])
    (' Did you mean "w"?', '')
    """
    words = [str(a) for a in allowed]
    close = difflib.get_close_matches(str(word), words, n=1, cutoff=0.6)
    close = close or [each for each in words if each.casefold() == str(word).casefold()]
    return f' Did you mean "{close[0]}"?' if close else ""
