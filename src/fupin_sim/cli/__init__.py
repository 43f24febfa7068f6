"""The command line."""

from fupin_sim.cli.app import main

__all__ = ["main"]
