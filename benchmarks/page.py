"""Page: what all benchmarks found on one machine, as a page of the documentation."""

from __future__ import annotations

from collections.abc import Mapping

from benchmarks.bars import Report
from benchmarks.profile import VERB

MACHINE = "two shared cores of a server (AMD EPYC, 512 KiB of second-level cache each), Python 3.11, NumPy 2"
PAGE = """\
# Speed and memory

What a month and a household cost, beside the bars that they are held against. Everything here was measured by

```console
python -m benchmarks --page docs/speed.md
```

on {machine}.
Others work on such a machine at the same time; so what is shown is processor time, and of several years the least of
each January, each February, and so on. Other machines give other numbers: `make bench` prints yours,
`python -m benchmarks profile` where the time goes, `python -m benchmarks institutions` what institutions add to it,
and `python -m benchmarks --strict` fails when a bar is missed.

## The month

A household-month is one household living one month: three draws by everybody, a dozen more by those whom something may
befall, every flow entered in the books. The whole month is the baseline's, with families, minds, register and three
policies; without families and minds it has `process.family.on = false`, `process.motivation.effort = 0` and
`process.dependence.strength = 0`. A thousand households cost as many calls of NumPy as a hundred thousand, which is why
small populations are dear by the household and cheap all the same.

{month}

## Where the time goes

{dearest}
Households that do nothing in a verb cost little in it: what befalls few is drawn and booked for those few, what comes
once a year is computed once a year. *Business* is dear for its logarithm and exponential of capital, *illness*,
*migration* and *job loss* for a draw by every household, *motivation* for an exponential of what is aimed at.

{profile}

What institutions add to the month, process by process, each at its dearest. Some of it is in what is not theirs: what
more is posted is also read, and who is poorer, or better taught, lives otherwise.

{institutions}

## Beside objects

The same rule, written once as a plain Mesa agent and once as a process on columns, lived by the same households in the
same run.

{objects}

## Memory

Arrays of a household after fourteen months. A flow takes room only once somebody reads its column within the month;
until then what was posted to some rows waits as a list of rows and amounts. Twelve-month accounts are rings of whole
fen, which is what makes every sum exact. The last line is what the whole process has grown by, with everything that is
needed on the way from month to month.

{memory}

## Measures of tables

{measures}

## Experiments

What it costs to hand out runs, to watch over them and to keep them, beside engines that only hand them out. A run is
five milliseconds of work on a processor; each engine has two workers, whose start and end count. *supervise* commits
every row to the store of a study, measures the memory of every run, and loses nothing when a worker or the parent is
killed (see [clusters](clusters.md)); the others keep their results in memory. `python -m benchmarks engine` measures
it, the EMA workbench only where it is installed.

{engine}

What is kept of them costs this much, wherever they ran: journal, shards and the list of what is finished (see
[the store](store.md)).

{store}

So much does the process grow that drives a whole study through `fupin_sim.compare`, from first run to last table,
with the store on. Workers live a five-year run of a village once and tell it again under each seed, so that runs cost
little and leave as much as any other. What grows is a place and a measure for each run; no run is held once it is kept.

{study}

## The command

{help}

## Draws and elementary functions

They are computed by the package itself, with the same bits on every x86-64 processor (see [platforms](platforms.md)).

{draws}

{maths}
"""


def written(reports: Mapping[str, Report]) -> str:
    """The page; reports: by name, the profile among them."""
    tables = {name: report.markdown() for name, report in reports.items()}
    return PAGE.format(machine=MACHINE, dearest=dearest(reports["profile"]), **tables)


def dearest(profile: Report) -> str:
    """A sentence about the three verbs that take most of a month."""
    verbs = [row for row in profile.rows if row[0].startswith(VERB)]
    first, second, third = (f"*{row[0].removeprefix(VERB)}* ({row[1]} ns)" for row in verbs[:3])
    return f"The three dearest verbs are {first}, {second} and {third}."
