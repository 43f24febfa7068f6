"""The toy run as a Mesa model."""

from __future__ import annotations

import mesa
from mesa.datacollection import DataCollector

from benchmarks.contenders import toy


class Toy(mesa.Model):
    """Lives one step, in which it burns its time."""

    def __init__(self, case: int = 0, seed: int | None = None) -> None:
        super().__init__(seed=seed)
        self.case, self.headcount = case, 0.0
        self.datacollector = DataCollector(model_reporters={"headcount": "headcount"})

    def step(self) -> None:
        self.headcount = toy(self.case)["headcount"]
        self.datacollector.collect(self)
        self.running = False
