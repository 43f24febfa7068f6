"""Pages: the columns of this month's flows, each written only when somebody reads it.

Most flows touch few households, and most of those are never read as a column within the month. So what is posted to
some rows waits on its page until the column is asked for, and a flow that nobody reads takes no room.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Money = NDArray[np.float64]
Rows = NDArray[np.intp]
NOTHING = np.zeros(1)


@dataclass
class Page:
    """One flow of the month over n households.

    waiting: rows and whole fen that were posted and are not in the column yet. entered: rows of the column that
    are. everywhere: whether a whole run of rows was posted at once. stale: the column is that of a month gone by.
    """

    n: int
    column: Money | None = None
    waiting: list[tuple[Rows, Money]] = field(default_factory=list)
    entered: list[Rows] = field(default_factory=list)
    everywhere: bool = False
    stale: bool = False

    @property
    def used(self) -> bool:
        """Whether anything was posted this month."""
        return self.everywhere or bool(self.waiting) or bool(self.entered)

    def add(self, fen: Money, run: slice) -> None:
        """Post whole fen to every row of a run."""
        if self.stale and len(fen) == self.n and not self.waiting:
            np.add(fen, 0.0, out=self.column)  # as if added to nothing: −0.0 becomes 0.0
            self.stale = False
        else:
            self.settled()[run] += fen
        self.everywhere = True

    def settled(self) -> Money:
        """The column, with all that was posted."""
        if self.column is None:
            self.column = np.zeros(self.n)
        if self.stale:
            self.column.fill(0.0)
            self.stale = False
        for rows, fen in self.waiting:
            if self.everywhere or self.entered:
                self.column[rows] += fen
            else:
                self.column[rows] = fen
            self.entered.append(rows)
        self.waiting.clear()
        return self.column

    def clear(self) -> None:
        """Begin a new month."""
        if self.everywhere:
            self.stale = True
        elif self.column is not None:
            for rows in self.entered:
                self.column[rows] = 0.0
        self.waiting.clear()
        self.entered.clear()
        self.everywhere = False


class Flows(Mapping[str, Money]):
    """This month's flows of a run of households by name, to be read and not to be kept: what is posted later may be
    missing in it.

    pages: of the whole world. run: the rows that are shown.
    """

    def __init__(self, pages: Mapping[str, Page], run: slice) -> None:
        self.pages, self.run = pages, run

    def __getitem__(self, name: str) -> Money:
        page = self.pages[name]
        if page.column is None and not page.waiting:
            return np.broadcast_to(NOTHING, self.run.stop - self.run.start)
        return page.settled()[self.run]

    def __iter__(self) -> Iterator[str]:
        return iter(self.pages)

    def __len__(self) -> int:
        return len(self.pages)

    def on(self, rows: slice) -> Flows:
        """The same flows seen through a run of the rows."""
        first = self.run.start
        return Flows(self.pages, slice(first + rows.start, first + rows.stop))

    @property
    def nbytes(self) -> int:
        """Bytes of what is kept of the month for the whole world."""
        columns = sum(page.column.nbytes for page in self.pages.values() if page.column is not None)
        lists = sum(rows.nbytes for page in self.pages.values() for rows in page.entered)
        return (
            columns
            + lists
            + sum(rows.nbytes + fen.nbytes for page in self.pages.values() for rows, fen in page.waiting)
        )
