"""Pages of the documentation as a reader uses them: files to save, commands to type, Python to run, tables to trust.

    <!-- generated: columns household -->     what follows, up to the end mark, is written by doc_tables.py
    <!-- end of generated -->

A block whose first line is a comment with a file's name, such as "# mine.toml", is that file. In a block opened by
"```console" a line that begins with "$ " is a command, and what it prints to standard output follows; "```console
exit 2" says with which code the command ends, standard error then being shown. "..." stands for anything. Python that
needs those files or what the commands wrote stands in a block opened by "```python with-files".
"""

from __future__ import annotations

import doctest
import io
import os
import re
import shlex
import subprocess
from collections.abc import Iterator
from contextlib import chdir, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest import mock

from fupin_sim.cli import main
from tools.doc_tables import SLOW, TABLES

OPEN, CLOSE = r"<!-- generated: (?P<name>[\w-]+)(?P<arguments>[^>]*?) -->\n", r"<!-- end of generated -->"
MARK = re.compile(f"(?P<open>{OPEN}).*?(?P<close>{CLOSE})", re.DOTALL)
BLOCK = re.compile(r"^```(?P<language>[^\n]*)\n(?P<code>.*?)^```$", re.MULTILINE | re.DOTALL)
FILE = re.compile(r"# (?P<name>[\w/-]+\.(?:toml|py))\n")
FLAGS = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS


def filled(page: str, slow: bool = True) -> str:
    """The page with its tables made anew; those that take seconds only if `slow`."""

    def anew(found: re.Match[str]) -> str:
        if found["name"] in SLOW and not slow:
            return found[0]
        return found["open"] + TABLES[found["name"]](*found["arguments"].split()) + "\n" + found["close"]

    return MARK.sub(anew, page)


def tables(page: str) -> list[str]:
    """The names of the generated tables of a page, with their arguments."""
    return [(found["name"] + found["arguments"]).strip() for found in MARK.finditer(page)]


@dataclass
class Play:
    """One reading of a page in a folder of its own, top to bottom.

    plain: whether blocks of plain Python are run too, which tests/test_docs.py does anyhow.
    wrong: what was printed otherwise than the page says, by block.
    """

    folder: Path
    plain: bool = True
    wrong: list[str] = field(default_factory=list)
    session: dict[str, Any] = field(default_factory=lambda: {"__name__": "__main__"})

    def page(self, page: str) -> str:
        """Play the page; the page as it should read."""
        with chdir(self.folder):
            return BLOCK.sub(self._block, page)

    def _block(self, found: re.Match[str]) -> str:
        language, code = found["language"].strip(), found["code"]
        if file := FILE.match(code):
            path = self.folder / file["name"]
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(code, encoding="utf-8")
        elif language.startswith("console"):
            code = self._console(code, int(language.partition("exit")[2] or 0))
        elif language == "python with-files" or (language == "python" and self.plain):
            code = self._python(code)
        return f"```{found['language']}\n{code}```"

    def _console(self, code: str, exits: int) -> str:
        said = []
        for command, expected in commands(code):
            exited, printed, complained = typed(command, self.folder)
            assert exited == exits, f"{command}\n{printed}{complained}"
            said.append(f"$ {command}\n{self._as_it_should_be(command, expected, complained if exits else printed)}")
        return "\n".join(said)

    def _as_it_should_be(self, what: str, expected: str, printed: str) -> str:
        """What is printed, or what the page says where that is right, or leaves something out."""
        printed = "".join(f"{line.rstrip()}\n" for line in printed.strip().splitlines())
        if doctest.OutputChecker().check_output(expected, printed, FLAGS):
            return f"{expected.rstrip()}\n" if expected.strip() else ""
        if expected or printed:
            self.wrong.append(f"{what}\nsays\n{expected}\nand prints\n{printed}")
        return printed

    def _python(self, code: str) -> str:
        if ">>>" not in code:
            exec(compile(code, "page", "exec"), self.session)
            return code
        test = doctest.DocTestParser().get_doctest(code, self.session, "page", "page", 0)
        runner = _Listener()
        runner.run(test, clear_globs=False)
        self.session.update(test.globs)
        lines = code.splitlines(keepends=True)
        for example, got in reversed(runner.heard):
            self.wrong.append(f"{example.source}says\n{example.want}and prints\n{got}")
            first = example.lineno + example.source.count("\n")
            lines[first : first + example.want.count("\n")] = [f"{line.rstrip()}\n" for line in got.splitlines()]
        return "".join(lines)


class _Listener(doctest.DocTestRunner):
    """Keeps what examples print otherwise than they say."""

    def __init__(self) -> None:
        super().__init__(optionflags=FLAGS)
        self.heard: list[tuple[doctest.Example, str]] = []

    def report_failure(self, out: Any, test: Any, example: doctest.Example, got: str) -> None:
        self.heard.append((example, got))

    def report_unexpected_exception(self, out: Any, test: Any, example: doctest.Example, exc_info: Any) -> None:
        raise exc_info[1]


def commands(code: str) -> Iterator[tuple[str, str]]:
    """Each command of a console block and what it is said to print."""
    for part in re.split(r"^\$ ", code, flags=re.MULTILINE)[1:]:
        command, _, rest = part.partition("\n")
        while command.endswith("\\"):
            more, _, rest = rest.partition("\n")
            command += "\n" + more
        yield command, rest


def typed(command: str, folder: Path) -> tuple[int, str, str]:
    """What a command answers a reader at a terminal of 80 columns: exit code, standard output, standard error.

    Our own command runs in this process: starting Python and importing everything anew would take seconds each time.
    """
    with mock.patch.dict(os.environ, {"COLUMNS": "80"}):
        if re.match(r"fupin-sim [^|>&;]*$", command):
            return _ours(shlex.split(command)[1:])
        done = subprocess.run(command, shell=True, cwd=folder, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout, done.stderr


def _ours(arguments: list[str]) -> tuple[int, str, str]:
    out, err, code = io.StringIO(), io.StringIO(), 0
    with redirect_stdout(out), redirect_stderr(err):
        try:
            main(arguments)
        except SystemExit as left:
            code = int(left.code or 0)
    return code, out.getvalue(), err.getvalue()
