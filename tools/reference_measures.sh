#!/bin/sh
# What software that others wrote says of our tables; the tests read it from tests/reference. Writes it anew.
#
#     sh tools/reference_measures.sh [FOLDER]     default: tests/reference
#
# Needs Rscript with laeken, survival, msm and survey (Debian: apt-get install r-cran-laeken r-cran-survival r-cran-msm
# r-cran-survey), and python3, which fetches lifelines into a throw-away environment: it keeps pandas below 3, and we do
# not. The tables themselves are written anew only when they are not there.
set -eu
cd "$(dirname "$0")/.."
folder=${1:-tests/reference}
mkdir -p "$folder"
python=${VENV:-.venv}/bin/python
for table in incomes spells panel; do
    [ -f "$folder/$table.csv" ] || { "$python" -m tools.reference_tables "$folder"; break; }
done
Rscript tools/reference_measures.R "$folder"
throwaway=$(mktemp -d)
trap 'rm -rf "$throwaway"' EXIT
python3 -m venv "$throwaway/venv"
"$throwaway/venv/bin/pip" install --quiet 'lifelines==0.30.3'
"$throwaway/venv/bin/python" tools/reference_lifelines.py "$folder"
Rscript -e 'for (p in c("laeken", "survival", "msm", "survey")) cat(p, as.character(packageVersion(p)), "\n")' > "$folder/versions.txt"
echo "lifelines 0.30.3" >> "$folder/versions.txt"
