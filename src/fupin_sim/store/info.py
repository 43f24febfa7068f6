"""What a store holds, in numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from fupin_sim.store.collect import size_of
from fupin_sim.store.journal import Journal
from fupin_sim.store.schema import SCHEMA


@dataclass(frozen=True)
class Info:
    """What a store holds.

    cells: planned; missing: planned runs that have not ended; unplanned: runs that the plan, if there is one, does not
    name (`gc` removes them). runs: by status. waiting: runs whose tables are still in the journal.
    bytes: of the whole folder. writer: who writes to it now, "" for nobody.
    """

    title: str
    schema: int
    cells: int
    missing: int
    unplanned: int
    runs: Mapping[str, int]
    shards: int
    waiting: int
    households: int
    bytes: int
    writer: str


def info_of(journal: Journal, writer: str) -> Info:
    """Count."""
    with journal.look() as connection:

        def count(sql: str) -> int:
            return int(connection.execute(f"select count(*) from {sql}").fetchone()[0])

        title = connection.execute("select json_extract(value, '$') from meta where name = 'title'").fetchone()
        return Info(
            title=title[0] if title else "",
            schema=SCHEMA,
            cells=count("plan"),
            missing=count("(select distinct key from plan where key not in (select key from runs))"),
            unplanned=count("runs where key not in (select key from plan) and exists (select 1 from plan)"),
            runs=dict(connection.execute("select status, count(*) from runs group by status order by status")),
            shards=count("shards"),
            waiting=count("waiting"),
            households=count("runs where household_file is not null"),
            bytes=size_of(journal.folder),
            writer=writer,
        )
