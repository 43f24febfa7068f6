"""The command that makes the shipped table of targets anew."""

import sys

from fupin_sim.dynamic_programme.aims import write

if sys.argv[1:] == ["--write"]:
    write()
else:
    print("usage: python -m fupin_sim.dynamic_programme --write   (writes the table of targets)")
