"""The key of a run: equal exactly when program, scenario and luck are."""

from __future__ import annotations

import json

from fupin_sim.provenance import source_digest
from fupin_sim.reading import digest_of
from fupin_sim.scenario import Scenario
from fupin_sim.version import __version__


def run_key(scenario: Scenario, seed: int) -> str:
    """BLAKE2b-128 of the package's version, its source, all the scenario says (plugins and data by their digests) and
    the seed. The scenario's own seed, its title, and where files stand, mean nothing.
    """
    made_of = {
        "version": __version__,
        "source": source_digest(),
        "scenario": scenario.luckless_key,
        "seed": seed,
    }
    return digest_of(json.dumps(made_of, sort_keys=True, separators=(",", ":")).encode())
