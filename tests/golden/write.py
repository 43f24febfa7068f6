"""Write the expected result beside each scenario anew: `make golden`, or `python -m tests.golden.write NAME …`."""

from __future__ import annotations

import sys

from tests.golden.expected import differences, expected_file, read, run, scenario_names


def main(wanted: list[str]) -> None:
    for name in wanted or scenario_names():
        found = run(name)
        moved = (
            differences(read(name), dict(zip(found.measure, found["first"], strict=True)))
            if expected_file(name).exists()
            else ["new"]
        )
        found.to_csv(expected_file(name), index=False, float_format="%.10g")
        print(f"{name}: {'; '.join(moved) or 'as before'}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
