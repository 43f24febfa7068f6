"""The commands of experiments: their options and help; each imports what it needs when it runs."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from fupin_sim.errors import BadInput, nearest

if TYPE_CHECKING:
    from fupin_sim.cli.ask import Ask


class StudyGroup(TyperGroup):
    """`study FILE` means `study run FILE`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if args and args[0] not in self.commands and args[0] not in ("-h", "--help"):
            near = nearest(args[0], self.commands)
            if near and not Path(args[0]).exists():
                raise BadInput(f'study has no command "{args[0]}".{near}', "fupin-sim study")
            args = ["run", *args]
        return super().parse_args(ctx, args)


study_app = typer.Typer(
    cls=StudyGroup, no_args_is_help=True, help="Run studies and look after them.",
    epilog="fupin-sim study FILE means fupin-sim study run FILE. STUDY is a folder, or its name in studies/.",
)  # fmt: skip

Sets = Annotated[
    list[str] | None,
    typer.Option("--set", help="Change one value in every arm, in TOML; may be repeated.", metavar="PATH=VALUE"),
]
Seed = Annotated[int | None, typer.Option(help="Luck of the whole study.", metavar="N")]
Workers = Annotated[str, typer.Option(help="Processes at work at the same time.", metavar="N|auto")]
On = Annotated[str, typer.Option(help="Where: serial, local, dask:ADDRESS or slurm:PROFILE.", metavar="WHERE")]
Out = Annotated[Path | None, typer.Option(help="Folder of the study; default studies/NAME.", metavar="DIR")]
Budget = Annotated[str, typer.Option(help="Stop after so much, such as 2h or 5000runs.", metavar="MUCH")]
Timeout = Annotated[str, typer.Option(help="End a run that takes longer, such as 10min.", metavar="TIME")]
MaxRuns = Annotated[int | None, typer.Option(help="Refuse a study that may need more runs.", metavar="N")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would be run, and run nothing.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print only the result.")]
Json = Annotated[bool, typer.Option("--json", help="Print events and the result, a line of JSON each.")]
Force = Annotated[bool, typer.Option("--force", help="Put it into a folder that holds another study.")]
Figures = Annotated[bool, typer.Option("--figures/--no-figures", help="Draw the figures of the study.")]
StudyName = Annotated[str, typer.Argument(help="Folder of a study, or its name in studies/.", metavar="STUDY")]


def compare(
    scenarios: Annotated[
        list[str], typer.Argument(help="Scenario files or names; the first is the baseline.", metavar="A B [C …]")
    ],
    measures: Annotated[
        list[str] | None, typer.Option("--measure", help="What to compare; may be repeated.", metavar="NAME")
    ] = None,
    until: Annotated[
        list[str] | None,
        typer.Option(help="Half-width of a paired 95 % interval to reach; may be repeated.", metavar="MEASURE=HALF"),
    ] = None,
    replicates: Annotated[
        int | None, typer.Option(help="Pairs: so many without --until, else at most.", metavar="N")
    ] = None,
    households: Annotated[bool, typer.Option("--households", help="Follow every household in all arms.")] = False,
    sets: Sets = None,
    seed: Seed = None,
    workers: Workers = "auto",
    on: On = "local",
    out: Out = None,
    budget: Budget = "",
    timeout: Timeout = "",
    max_runs: MaxRuns = None,
    dry_run: DryRun = False,
    quiet: Quiet = False,
    json: Json = False,
    figures: Figures = True,
    force: Force = False,
) -> None:
    """Compare scenarios on shared luck.

    Every replicate is lived in all of them. Without --until and --replicates, until headcount and return rate are
    known to ± 0.002. The same command runs only what is missing.
    """

    def done() -> int:
        from fupin_sim.cli.study_commands import compare_scenarios

        ask = _ask(sets, seed, workers, on, out, budget, timeout, max_runs, dry_run, quiet, json, figures, force)
        return compare_scenarios(scenarios, measures or [], until or [], replicates, households, ask)

    _leave(done)


@study_app.command("run")
def study_run(
    file: Annotated[Path, typer.Argument(help="A study file.", metavar="FILE")],
    sets: Sets = None,
    seed: Seed = None,
    workers: Workers = "auto",
    on: On = "local",
    out: Out = None,
    budget: Budget = "",
    timeout: Timeout = "",
    max_runs: MaxRuns = None,
    dry_run: DryRun = False,
    quiet: Quiet = False,
    json: Json = False,
    figures: Figures = True,
    force: Force = False,
) -> None:
    """Run what is missing of a study, and print what it shows."""

    def done() -> int:
        from fupin_sim.cli.study_commands import run_file

        return run_file(
            file, _ask(sets, seed, workers, on, out, budget, timeout, max_runs, dry_run, quiet, json, figures, force)
        )

    _leave(done)


@study_app.command("plan")
def study_plan(
    file: Annotated[Path, typer.Argument(help="A study file, or the folder of a study.", metavar="FILE|STUDY")],
    sets: Sets = None,
    seed: Seed = None,
    workers: Workers = "auto",
    on: On = "local",
    out: Out = None,
    max_runs: MaxRuns = None,
    json: Json = False,
) -> None:
    """Say what would be run and how long it takes.

    As measured by short trials, or by the runs that are there.
    """

    def done() -> int:
        from fupin_sim.cli.study_commands import plan_file

        return plan_file(file, _ask(sets, seed, workers, on, out, "", "", max_runs, True, False, json))

    _leave(done)


@study_app.command("status")
def study_status(study: StudyName, json: Json = False) -> None:
    """How far a study is, also while another process runs it."""

    def done() -> int:
        from fupin_sim.cli.study_commands import status

        return status(study, json)

    _leave(done)


@study_app.command("resume")
def study_resume(
    study: StudyName,
    workers: Workers = "auto",
    on: On = "local",
    budget: Budget = "",
    timeout: Timeout = "",
    quiet: Quiet = False,
    json: Json = False,
    figures: Figures = True,
) -> None:
    """Go on with a study that was stopped."""

    def done() -> int:
        from fupin_sim.cli.study_commands import resume

        return resume(study, _ask(None, None, workers, on, None, budget, timeout, None, False, quiet, json, figures))

    _leave(done)


@study_app.command("retry-failed")
def study_retry(
    study: StudyName,
    workers: Workers = "auto",
    on: On = "local",
    timeout: Timeout = "",
    quiet: Quiet = False,
    json: Json = False,
    figures: Figures = True,
) -> None:
    """Run again what failed, and go on."""

    def done() -> int:
        from fupin_sim.cli.study_commands import retry_failed

        return retry_failed(study, _ask(None, None, workers, on, None, "", timeout, None, False, quiet, json, figures))

    _leave(done)


@study_app.command("cancel")
def study_cancel(study: StudyName) -> None:
    """Ask the process that runs a study to stop.

    It lets the runs at work finish.
    """

    def done() -> int:
        from fupin_sim.cli.study_commands import cancel

        return cancel(study)

    _leave(done)


def replay(
    run: Annotated[str, typer.Argument(help="The run's key, or as much of it as is unique.", metavar="RUN")],
    folder: Annotated[
        Path | None, typer.Option("--in", help="Folder of a study or of studies; default studies/.", metavar="DIR")
    ] = None,
    household: Annotated[str | None, typer.Option(help="Show the diary of this household.", metavar="ID")] = None,
    against: Annotated[
        str | None, typer.Option(help="The same luck in another arm, side by side.", metavar="ARM")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Live one run of a study again and compare it bit for bit."""

    def done() -> int:
        from fupin_sim.cli.replay import Wanted
        from fupin_sim.cli.replay import replay as again

        return again(Wanted(run, folder, household, against, json))

    _leave(done)


def add_to(app: typer.Typer) -> None:
    """Give the command line its commands."""
    app.command()(compare)
    app.add_typer(study_app, name="study")
    app.command()(replay)


def _ask(
    sets: list[str] | None, seed: int | None, workers: str, on: str, out: Path | None, budget: str, timeout: str,
    max_runs: int | None, dry_run: bool, quiet: bool, json: bool, figures: bool = True, force: bool = False,
) -> Ask:  # fmt: skip
    from fupin_sim.cli.ask import Ask

    words = ("fupin-sim", *(GIVEN if GIVEN is not None else sys.argv[1:]))
    return Ask(
        tuple(sets or ()),
        seed,
        workers,
        on,
        out,
        budget,
        timeout,
        max_runs,
        dry_run,
        quiet,
        json,
        figures,
        words,
        force,
    )


GIVEN: list[str] | None = None
"""The words of the command where they are not the process's own."""


def _leave(done: Callable[[], int]) -> None:
    """Leave with the command's exit code; Ctrl-C before anything runs is an early stop."""
    try:
        code = done()
    except KeyboardInterrupt:
        typer.echo("Stopped; nothing was run.", err=True)
        code = 4
    raise typer.Exit(code)
