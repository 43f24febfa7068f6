"""From a TOML file to a frozen, validated scenario with a key of its own."""

from fupin_sim.scenario.entry import Entry
from fupin_sim.scenario.layers import Layer, plain, read_layers, settings_of, tables_of, text_of
from fupin_sim.scenario.scenario import Scenario, diff, load, load_layers
from fupin_sim.scenario.schema import json_schema
from fupin_sim.scenario.settings import Catalogue, ScenarioSection

__all__ = [
    "Catalogue",
    "Entry",
    "Layer",
    "Scenario",
    "ScenarioSection",
    "diff",
    "json_schema",
    "load",
    "load_layers",
    "plain",
    "read_layers",
    "settings_of",
    "tables_of",
    "text_of",
]
