"""What lifelines says of the spells in a folder: python tools/reference_lifelines.py FOLDER. Writes lifelines.csv.

It stands outside the tests because lifelines keeps pandas below 3; tools/reference_measures.sh gives it its own place.
"""

import sys
from pathlib import Path

import lifelines
import pandas as pd

folder = Path(sys.argv[1])
spells = pd.read_csv(folder / "spells.csv")
found = []
for name, weights in (("plain", None), ("weighted", spells["weight"])):
    fitter = lifelines.KaplanMeierFitter(alpha=0.05).fit(spells["time"], spells["event"], weights=weights)
    table = fitter.survival_function_.join(fitter.confidence_interval_).join(
        fitter.event_table[["at_risk", "observed"]]
    )
    table.columns = ["survival", "lower", "upper", "at_risk", "events"]
    found.append(table.rename_axis("time").reset_index().assign(kind=name))
pd.concat(found).query("time > 0").to_csv(folder / "lifelines.csv", index=False, float_format="%.17g")
print(f"lifelines {lifelines.__version__}, pandas {pd.__version__}")
