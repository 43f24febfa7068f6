"""From a TOML file to a frozen, validated scenario with a key of its own."""

from fupin_sim.scenario.entry import Entry
from fupin_sim.scenario.scenario import Scenario, diff, load
from fupin_sim.scenario.schema import json_schema
from fupin_sim.scenario.settings import Catalogue, ScenarioSection

__all__ = ["Catalogue", "Entry", "Scenario", "ScenarioSection", "diff", "json_schema", "load"]
