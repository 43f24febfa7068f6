"""The commands: their options and help; each imports what it needs when it runs, so that help is there at once."""

from __future__ import annotations

import sys
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

import fupin_sim
from fupin_sim.cli import experiments
from fupin_sim.errors import BadInput

PLEA = "This is a fault of fupin-sim, not of yours. Please report it with the lines above and the command."

app = typer.Typer(
    name="fupin-sim",
    help="Simulate households that fall into poverty, leave it and return, under policies you design (扶贫仿真).",
    epilog="Exit codes: 0 done, 1 a fault of the program, 2 bad input, 3 done but runs failed, 4 stopped early, "
    "5 a replay or the verification differs.",
    no_args_is_help=True,
    rich_markup_mode=None,  # the boxes of rich cost a fifth of a second each time
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
show_app = typer.Typer(no_args_is_help=True, help="Show what there is and what a scenario says.")
app.add_typer(show_app, name="show")
store_app = typer.Typer(no_args_is_help=True, help="Look after what studies have kept.")
app.add_typer(store_app, name="store")


class Every(StrEnum):
    """How often households are recorded."""

    yearly = "yearly"
    monthly = "monthly"


class Kind(StrEnum):
    """What `new` can begin."""

    scenario = "scenario"
    policy = "policy"
    shock = "shock"


class Tables(StrEnum):
    """What `export` can write."""

    parquet = "parquet"
    csv = "csv"
    stata = "stata"


class StandardErrors(StrEnum):
    """How standard errors are made."""

    linearised = "linearised"
    bootstrap = "bootstrap"
    none = "none"


Kept = Annotated[Path, typer.Argument(help="Folder of a study, or its name in studies/.", metavar="STUDY")]
SCENARIO = "A scenario file, or the name of a shipped scenario, such as baseline."
Scenario = Annotated[str, typer.Argument(help=SCENARIO)]
Sets = Annotated[
    list[str] | None, typer.Option("--set", help="Change one value, in TOML; may be repeated.", metavar="PATH=VALUE")
]


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and leave with its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a terminal that has no 贫 shows a question mark instead of failing
            stream.reconfigure(errors="replace")
    experiments.GIVEN = arguments
    try:
        app(arguments)
    except BadInput as mistakes:
        words = sys.argv[1:] if arguments is None else arguments
        mistakes.where = mistakes.where or " ".join(["fupin-sim", *words[:1]])
        print(mistakes, file=sys.stderr)
        sys.exit(2)
    except Exception as error:
        import traceback

        from fupin_sim.store.faults import StoreFailed

        if isinstance(error, StoreFailed):
            print(f"{error}\nWhat was kept before is safe; once the cause is gone, the same command does the rest.",
                  file=sys.stderr)  # fmt: skip
            sys.exit(4)
        traceback.print_exc()
        print(f"\n{PLEA}", file=sys.stderr)
        sys.exit(1)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"fupin-sim {fupin_sim.__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and leave.")
    ] = False,
) -> None:
    pass


@app.command()
def run(
    scenario: Scenario,
    replicates: Annotated[int, typer.Option(help="How many runs, each with other luck.", metavar="N")] = 10,
    seed: Annotated[
        int | None, typer.Option(help="Luck of the first replicate; the others count on from it.", metavar="N")
    ] = None,
    sets: Sets = None,
    workers: Annotated[str, typer.Option(help="Processes at work at the same time.", metavar="N|auto")] = "auto",
    out: Annotated[Path | None, typer.Option(help="Folder for tables and figures.", metavar="DIR")] = None,
    households: Annotated[Every | None, typer.Option(help="Keep every household, so often.")] = None,
    check_books: Annotated[bool, typer.Option("--check-books", help="Check every account in every month.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Write into --out whatever is there.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print only the result.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Run a scenario some times and print what came out.

    With --out, tables, figures and every replicate are kept; the same command then runs only what is missing.
    Ctrl-C lets the runs at work finish, a second one stops at once.
    """
    try:
        from fupin_sim.cli.order import Order
        from fupin_sim.cli.run import run_scenario

        order = Order(
            scenario, replicates, seed, tuple(sets or ()), workers, out, households.value if households else None,
            check_books, force, quiet, json,
        )  # fmt: skip
        code = run_scenario(order)
    except KeyboardInterrupt:
        typer.echo("Stopped; nothing was run.", err=True)
        code = 4
    raise typer.Exit(code)


experiments.add_to(app)


@app.command()
def check(
    files: Annotated[list[str], typer.Argument(help=SCENARIO)],
    sets: Sets = None,
) -> None:
    """Say all that is wrong with scenarios or studies.

    Nothing is run, but plugins are code: checking a scenario runs the plugin files it names.
    """
    from fupin_sim.cli.check import check_files

    raise typer.Exit(check_files(files, sets or []))


@app.command()
def new(
    kind: Annotated[Kind, typer.Argument(help="What to begin.")],
    name: Annotated[str, typer.Argument(help="Its name, such as school_meals.")],
    into: Annotated[Path, typer.Option("--in", help="Folder to write into.", metavar="DIR")] = Path(),
) -> None:
    """Begin a scenario, policy or shock of your own.

    Writes a template that works, and its test; nothing is written over.
    """
    from fupin_sim.cli.new import begin

    begin(kind.value, name, into)


@app.command()
def validate(
    out: Annotated[Path, typer.Option("--out", help="File to write.", metavar="FILE")] = Path("docs/validation.md"),
    replicates: Annotated[int, typer.Option(min=2, max=1000, help="How many runs each comparison has.")] = 8,
    workers: Annotated[int, typer.Option(min=1, max=1024, help="Processes at work at the same time.")] = 1,
) -> None:
    """Write what the model hits and misses, and what is open.

    A page and its figures, from several hundred runs; minutes on two cores. Ctrl-C stops and writes nothing.
    """
    from fupin_sim.cli.validate import planned, write_page

    raise typer.Exit(write_page(out, planned(replicates), workers))


@app.command("equal-cost")
def equal_cost(
    scenarios: Annotated[list[str], typer.Argument(help="The scenario whose cost is aimed at, then arms to close.")],
    closing: Annotated[
        list[str], typer.Option(help="Amount that is scaled; once for all arms, or once for each.", metavar="PATH")
    ],
    sets: Sets = None,
    account: Annotated[str, typer.Option(help="Which cost is to agree: fiscal or social.")] = "fiscal",
    seeds: Annotated[int, typer.Option(help="Pairs of runs in the search; as many again confirm it.", metavar="N")] = 8,
    decision: Annotated[str, typer.Option("--from", help="Month from which costs count.", metavar="MONTH")] = "",
    workers: Annotated[str, typer.Option(help="Processes at work at the same time.", metavar="N|auto")] = "auto",
    write: Annotated[Path | None, typer.Option(help="Folder for the closed arms as files.", metavar="DIR")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print only the result.")] = False,
) -> None:
    """Scale one amount until all cost the same.

    Expected discounted cost from the decision month, in the fiscal or the social account; both are printed. The seeds
    of the search are never those of a run. That there is no such setting is an answer.
    """
    from fupin_sim.cli.equal import Wanted
    from fupin_sim.cli.equal import equal_cost as close

    wanted = Wanted(
        tuple(scenarios), tuple(closing), tuple(sets or ()), account, seeds, decision, workers, write, json, quiet
    )
    raise typer.Exit(close(wanted))


@app.command()
def measure(
    file: Annotated[Path, typer.Argument(help="A table: .csv, .parquet or .dta.")],
    income: Annotated[
        str, typer.Option(help="Column of income per person, or per household with --members.", metavar="COL")
    ],
    line: Annotated[str, typer.Option(help="Poverty line, a number or a column.", metavar="Z")],
    weight: Annotated[str | None, typer.Option(help="Column of persons that a row stands for.", metavar="COL")] = None,
    members: Annotated[
        str | None, typer.Option(help="Column of persons; then income and weight are of households.", metavar="COL")
    ] = None,
    by: Annotated[str | None, typer.Option(help="Column of groups to measure too.", metavar="COL")] = None,
    panel: Annotated[
        str | None, typer.Option(help="Columns of household and date; then spells too.", metavar="ID,TIME")
    ] = None,
    cluster: Annotated[str | None, typer.Option(help="Column of sampled clusters.", metavar="COL")] = None,
    strata: Annotated[str | None, typer.Option(help="Column of strata.", metavar="COL")] = None,
    se: Annotated[StandardErrors, typer.Option(help="How standard errors are made.")] = StandardErrors.linearised,
    draws: Annotated[int, typer.Option(help="Bootstrap: how many.", metavar="N")] = 200,
    seed: Annotated[int, typer.Option(help="Bootstrap: its luck.", metavar="N")] = 1,
    skip_missing: Annotated[bool, typer.Option("--skip-missing", help="Leave out rows with a missing cell.")] = False,
    encoding: Annotated[str | None, typer.Option(help="Of a CSV; default utf-8.", metavar="NAME")] = None,
    separator: Annotated[str | None, typer.Option(help="Of a CSV; default a comma.", metavar="SIGN")] = None,
    out: Annotated[Path | None, typer.Option(help="All numbers, as .csv or .parquet.", metavar="FILE")] = None,
) -> None:
    """Measure poverty and inequality of a table of your own.

    With --panel also transitions, mobility, spells, chronic poverty.
    """
    from fupin_sim.cli.measure import measure_file
    from fupin_sim.measures.checks import NotMeasured
    from fupin_sim.measuring import Columns
    from fupin_sim.measuring.cross_section import Errors
    from fupin_sim.tabular import FileSettings

    household, comma, time = (panel or "").partition(",")
    if panel is not None and not (household and comma and time and "," not in time):
        raise NotMeasured(f"--panel {panel}: wanted are two columns, such as --panel id,year")
    who, when = household.strip() or None, time.strip() or None
    columns = Columns(income, line, weight, members, by, who, when, cluster, strata)
    settings = FileSettings(encoding, separator)
    measure_file(file, columns, Errors(se.value, draws, seed), skip_missing, settings, out)


@app.command()
def schema(study: Annotated[bool, typer.Option("--study", help="Of study files instead.")] = False) -> None:
    """Print the JSON Schema of scenario files, for editors."""
    import json

    from fupin_sim.catalogue import BUILT_IN
    from fupin_sim.experiment.schema import study_schema
    from fupin_sim.scenario import json_schema

    wanted = study_schema if study else json_schema
    typer.echo(json.dumps(wanted(BUILT_IN), indent=2, ensure_ascii=False))


@show_app.command()
def order(scenario: Annotated[str | None, typer.Argument(help=SCENARIO)] = None) -> None:
    """What happens in a month, verb by verb.

    With a scenario, its policies and shocks stand where they act.
    """
    _tell("order", scenario)


@show_app.command()
def parameters(
    pattern: Annotated[
        str | None, typer.Argument(help="Part of a path, or a pattern such as 'policy.*.level'.")
    ] = None,
    csv: Annotated[bool, typer.Option("--csv", help="As CSV, for a spreadsheet.")] = False,
) -> None:
    """Every parameter, its default and how it is known.

    Path, default, unit; what it is, plausible range, evidence mark, claim, source.
    """
    _tell("parameters", pattern, csv)


@show_app.command()
def policies() -> None:
    """The built-in policies and their options."""
    _tell("policies")


@show_app.command()
def claims(claim: Annotated[str | None, typer.Argument(help="One of them, such as S37.")] = None) -> None:
    """Each claim, its mechanism, its switch, and where it is tested.

    With one claim, its parameters as well.
    """
    _tell("claims", claim)


@show_app.command("scenario")
def show_scenario(scenario: Scenario, sets: Sets = None) -> None:
    """A scenario with every value it runs with.

    The text is a scenario file of its own: saved in this folder, it says the same.
    """
    _tell("scenario", scenario, sets or [])


@show_app.command()
def diff(a: Scenario, b: Scenario) -> None:
    """Where two scenarios differ."""
    _tell("diff", a, b)


@store_app.command("info")
def store_info(folder: Kept) -> None:
    """Tell what a study has kept, and who writes to it now."""
    from fupin_sim.cli import store

    raise typer.Exit(store.info(folder))


@store_app.command("verify")
def store_verify(
    folder: Kept,
    deep: Annotated[bool, typer.Option("--deep", help="Read every table back, too.")] = False,
    forget: Annotated[bool, typer.Option("--forget", help="Forget damaged runs, so that they run again.")] = False,
) -> None:
    """Compare every file and every run with its digest.

    Exit code 5 if something is damaged, 0 if all is whole or what was damaged is forgotten.
    """
    from fupin_sim.cli import store

    raise typer.Exit(store.verify(folder, deep, forget))


@store_app.command("gc")
def store_gc(folder: Kept) -> None:
    """Remove runs that no plan names, and what is left over."""
    from fupin_sim.cli import store

    raise typer.Exit(store.gc(folder))


@store_app.command("merge")
def store_merge(
    folders: Annotated[list[Path], typer.Argument(help="Folders of studies.", metavar="DIR...")],
    into: Annotated[Path, typer.Option(help="Folder that gets all their runs; may be there.", metavar="DIR")],
) -> None:
    """Bring the runs and plans of studies together."""
    from fupin_sim.cli import store

    raise typer.Exit(store.merge(folders, into))


@app.command()
def export(
    study: Annotated[Path, typer.Argument(help="Folder of a study, or its name in studies/.")],
    kind: Annotated[Tables, typer.Argument(help="parquet, csv or stata.")],
    out: Annotated[Path | None, typer.Option(help="Folder; default: tables/ in the study's.", metavar="DIR")] = None,
) -> None:
    """Write a study's runs, series and households as tables."""
    from fupin_sim.cli import store

    raise typer.Exit(store.export(study, kind.value, out))


def _tell(name: str, *arguments: Any) -> None:
    from fupin_sim.cli import tell

    said: Callable[..., str] = getattr(tell, name)
    typer.echo(said(*arguments))
