"""Moving tables from the journal into a shard: the file first, then the line that names it."""

from __future__ import annotations

from fupin_sim.store.journal import Journal
from fupin_sim.store.shards import KINDS, RUNS, Files


def shard(journal: Journal, files: Files) -> int:
    """Move the tables of up to 200 runs whose tables have the same columns; how many runs.

    The numbers of files come from the journal's own transaction: a shard that was written by a process killed before
    it could commit has a number that is given again, and is written over.
    """
    with journal.change() as connection:
        waiting = connection.execute(
            "select key, series, survival, shapes from waiting order by rowid limit ?", (RUNS,)
        ).fetchall()
        if not waiting:
            return 0
        alike = sorted(run for run in waiting if run[3] == waiting[0][3])
        number = connection.execute("insert into shards(series, survival) values(null, null)").lastrowid
        assert number is not None
        for place, kind in enumerate(KINDS, 1):
            if alike[0][place] is not None:
                tables = [(run[0], run[place]) for run in alike]
                digest = files.write(files.shard(kind, number), tables)
                connection.execute(f"update shards set {kind} = ? where number = ?", (digest, number))
        connection.executemany("update runs set shard = ? where key = ?", [(number, run[0]) for run in alike])
        connection.executemany("delete from waiting where key = ?", [(run[0],) for run in alike])
        return len(alike)
