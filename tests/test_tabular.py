"""CSV, Parquet and Stata files of one table are one survey; a file that is not what its name says is refused."""

from __future__ import annotations

import codecs
import random
import warnings
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fupin_sim.errors import BadInput
from fupin_sim.microdata import Survey, read_survey, report_text
from fupin_sim.tabular import FileSettings, read_cells
from tests.survey_files import KINDS, MAPPING, households, mapping, write

BINARY = (".parquet", ".dta")


def read(folder: Path, kind: str, frame: pd.DataFrame | None = None, text: str = MAPPING, **stata: object) -> Survey:
    frame = households() if frame is None else frame
    return read_survey(write(frame, folder, kind, **stata), mapping(folder, text))


def refusal(folder: Path, kind: str, frame: pd.DataFrame, text: str = MAPPING, **stata: object) -> list[str]:
    with pytest.raises(BadInput) as caught:
        read(folder, kind, frame, text, **stata)
    return caught.value.mistakes


def assert_same(one: Survey, other: Survey) -> None:
    assert one.household.tolist() == other.household.tolist()
    assert one.luck.tolist() == other.luck.tolist()
    assert one.village_names == other.village_names
    assert list(one.values) == list(other.values)
    for name, values in one.values.items():
        np.testing.assert_array_equal(values, other.values[name], err_msg=name)
    assert report_text(one) == report_text(other)


# ---- what is read


@pytest.mark.parametrize("kind", BINARY)
def test_every_kind_of_file_is_the_same_survey_to_the_last_bit(tmp_path: Path, kind: str) -> None:
    assert_same(read(tmp_path, ".csv"), read(tmp_path, kind))


@pytest.mark.parametrize("version", [114, 117, 118, 119])
def test_every_version_of_stata_is_read(tmp_path: Path, version: int) -> None:
    assert_same(read(tmp_path, ".csv"), read(tmp_path, ".dta", version=version))


@settings(max_examples=8)
@given(
    numbers=st.lists(st.floats(0, 1e8, allow_subnormal=False), min_size=1, max_size=20),
    codes=st.lists(st.integers(0, 2**31 - 1), min_size=1, max_size=20, unique=True),
)
def test_numbers_survive_every_file(
    tmp_path_factory: pytest.TempPathFactory, numbers: list[float], codes: list[int]
) -> None:
    n = min(len(numbers), len(codes))
    folder = tmp_path_factory.mktemp("numbers")
    frame = pd.DataFrame({"id": codes[:n], "village": 1, "size": 2, "spent": numbers[:n]})
    text = "\n".join(
        line for line in MAPPING.splitlines() if not line.startswith(("county", "weight", "schooling", "head_"))
    )
    surveys = [read(folder, kind, frame, text) for kind in KINDS]
    assert sorted(surveys[0].household.tolist(), key=int) == [str(code) for code in sorted(codes[:n])]
    assert sorted(surveys[0].welfare.tolist()) == sorted(number / 2 for number in numbers[:n])
    assert_same(surveys[0], surveys[1])
    assert_same(surveys[0], surveys[2])


@pytest.mark.parametrize("kind", KINDS)
def test_missing_numbers_and_texts_are_missing_in_every_file(tmp_path: Path, kind: str) -> None:
    frame = households()
    frame.loc[3, "edu"] = np.nan
    frame.loc[5, "sex"] = ""
    survey = read(tmp_path, kind, frame, MAPPING + '[missing]\nrows = "drop"\n')
    assert survey.dropped == 2
    assert {"h00003", "h00005"}.isdisjoint(survey.household)
    assert refusal(tmp_path, kind, frame)[0].startswith('schooling (column "edu"): missing ')


def test_codes_of_eighteen_digits_keep_every_one(tmp_path: Path) -> None:
    ids = [f"52263419700101{i:04d}" for i in range(60)]
    frame = households(id=np.array(ids, dtype=np.int64))
    assert read(tmp_path, ".parquet", frame).household.tolist() == read(tmp_path, ".csv", frame).household.tolist()
    assert sorted(read(tmp_path, ".parquet", frame).household.tolist()) == ids
    assert any(
        mistake.startswith("household: 5.2263419700101") and "cut off, in rows 1, 2, 3, 4, 5 and 55 more" in mistake
        for mistake in refusal(tmp_path, ".parquet", frame.assign(id=frame.id.astype(float)))
    )


def test_parquet_types_that_csv_does_not_have(tmp_path: Path) -> None:
    path = tmp_path / "mine [new]'s.parquet"
    quoted = str(path).replace("'", "''")
    with duckdb.connect() as connection:
        connection.execute(
            "copy (select i as id, 'v' as village, date '2018-05-01' as county, 2 as size, 1.25::decimal(9, 2) as w, "
            "3.5::float as edu, i = 1 as sex, null::double as food, 100::hugeint * i as spent from range(1, 3) t(i)) "
            f"to '{quoted}' (format parquet)"
        )
    text = MAPPING.replace(', true = "female"', "")
    survey = read_survey(path, mapping(tmp_path, text))
    assert survey.weight.tolist() == [1.25, 1.25]
    assert survey.values["schooling"].tolist() == [3.5, 3.5]
    assert survey.values["head_female"].tolist() == [1, 0]  # a boolean column needs no `true`
    assert survey.welfare.tolist() == [50, 100]
    assert survey.county_names == ("2018-05-01",)


def test_only_the_wanted_columns_are_read(tmp_path: Path) -> None:
    frame = households()
    frame["other"] = "x"
    for kind in KINDS:
        cells = read_cells(write(frame, tmp_path, kind), ["id", "nowhere"])
        assert list(cells.columns) == ["id"]
        assert "other" in cells.names
        assert len(cells.places) == 60


def test_stata_texts_from_before_unicode_are_in_the_encoding_that_the_mapping_names(tmp_path: Path) -> None:
    there = {"East": "东县", "West": "西县"}
    old = {name: text.encode("gb18030").decode("latin-1") for name, text in there.items()}
    frame = households()
    frame["county"] = frame["county"].map(old)
    text = MAPPING + '[file]\nencoding = "gb18030"\n'
    assert read(tmp_path, ".dta", frame, text, version=114).county_names == ("东县", "西县")
    assert read(tmp_path, ".dta", frame, MAPPING, version=114).county_names == tuple(sorted(old.values()))
    frame["county"] = frame["county"].map({name: there[key] for key, name in old.items()})
    assert read(tmp_path, ".dta", frame, text, version=118).county_names == ("东县", "西县")  # a later file says itself
    bad = MAPPING + '[file]\nencoding = "big5hkscs"\n'
    frame["county"] = "\xff\xff"
    assert refusal(tmp_path, ".dta", frame, bad, version=114)[0].endswith("the text 'ÿÿ' is not in it.")
    none = MAPPING + '[file]\nencoding = "gb2132"\n'
    assert refusal(tmp_path, ".dta", frame, none, version=114)[0].startswith('[file] encoding = "gb2132": no such enco')


# ---- labels


def labelled(folder: Path, frame: pd.DataFrame, text: str = MAPPING, **labels: dict[int, str]) -> Survey:
    return read(folder, ".dta", frame, text, value_labels=labels)


def test_labels_say_who_is_a_woman_as_codes_do(tmp_path: Path) -> None:
    frame = households()
    women = (frame.sex == "female").to_numpy()
    coded = frame.assign(sex=np.where(women, 2, 1))
    by_label = labelled(tmp_path, coded, sex={1: "male", 2: "female"})
    by_code = labelled(tmp_path, coded, MAPPING.replace('"female"', '"2"'), sex={1: "male", 2: "female"})
    assert by_label.values["head_female"].sum() == women.sum()
    assert_same(by_label, by_code)


def test_a_code_with_a_label_is_no_number_until_the_mapping_says_which(tmp_path: Path) -> None:
    frame = households()
    frame.loc[[2, 7], "edu"] = 98.0
    frame.loc[4, "edu"] = 0.0
    frame["edu"] = frame["edu"].astype(np.int8)
    labels = {0: "illiterate", 98: "kindergarten", 97: "other"}
    zeros = np.flatnonzero(frame.edu.isin([0, 98]).to_numpy())
    mistake = refusal(tmp_path, ".dta", frame, value_labels={"edu": labels})
    assert len(mistake) == 1
    assert mistake[0].startswith(
        'schooling (column "edu"): 0 "illiterate", 98 "kindergarten": a code with a label is not a number, unless '
        f"values = {{ … }} or [missing] codes say what it means; so in rows {zeros[0] + 1}, "
    )
    said = MAPPING.replace('"edu"', '{ column = "edu", values = { illiterate = 0, "98" = 0.5 } }')
    survey = labelled(tmp_path, frame, said, edu=labels)
    assert sorted(survey.values["schooling"].tolist())[:3][-1] <= 0.5
    assert (survey.values["schooling"] == 0.5).sum() == 2
    gone = MAPPING + '[missing]\nrows = "drop"\ncodes = ["kindergarten", "illiterate"]\n'
    assert labelled(tmp_path, frame, gone, edu=labels).dropped == len(zeros)


def test_two_codes_may_share_a_label(tmp_path: Path) -> None:
    frame = households()
    frame["sex"] = np.where(frame.sex == "female", 2, np.arange(60) % 2 * 2 + 1)
    survey = labelled(tmp_path, frame, sex={1: "male", 2: "female", 3: "male"})
    assert survey.values["head_female"].mean() == (frame.sex == 2).mean()


def test_values_say_what_texts_mean_in_every_file(tmp_path: Path) -> None:
    frame = households()
    frame["edu"] = np.where(frame.edu > 6, "middle school", "6")
    for kind in KINDS:
        assert refusal(tmp_path, kind, frame)[0].startswith(
            'schooling (column "edu"): not a number (\'middle school\'; values = { "middle school" = … } in the mapping'
        )
        said = MAPPING.replace('"edu"', '{ column = "edu", values = { "middle school" = 9 } }')
        assert set(read(tmp_path, kind, frame, said).values["schooling"]) == {6.0, 9.0}


# ---- what is refused, whatever the file


DEFECTS = {
    "no such column": (lambda f: f.rename(columns={"size": "sizes"}), 'no column "size". Did you mean "sizes"?'),
    "missing": (lambda f: f.assign(spent=f.spent.where(f.index != 4)), 'consumption (column "spent"): missing'),
    "negative weight": (lambda f: f.assign(w=f.w.where(f.index != 4, -1.0)), 'weight (column "w"): below 0 in '),
    "no weight": (lambda f: f.assign(w=0.0), "weight: the weights add up to 0."),
    "twins": (lambda f: f.assign(id=f.id.where(f.index != 4, "h00009")), 'household "h00009" stands in '),
    "nobody": (lambda f: f.assign(size=f["size"].where(f.index != 4, 0)), 'members (column "size"): below 1 in '),
    "half a person": (lambda f: f.assign(size=f["size"] + 0.5), 'members (column "size"): not a whole number in '),
    "texts": (lambda f: f.assign(spent="4000 yuan"), "consumption (column \"spent\"): not a number ('4000 yuan') in "),
    "decimal comma": (lambda f: f.assign(spent="4,5"), "not a number ('4,5'; numbers have a decimal point and no "),
    "mixed": (lambda f: f.assign(w=f.w.astype(str).where(f.index != 4, "#N/A")), "not a number ('#N/A') in "),
    "empty column": (lambda f: f.assign(edu=np.nan), 'schooling (column "edu"): all cells are missing; leave it out'),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("defect", DEFECTS)
def test_bad_microdata_are_refused_in_every_kind_of_file(tmp_path: Path, kind: str, defect: str) -> None:
    spoil, said = DEFECTS[defect]
    mistakes = refusal(tmp_path, kind, spoil(households()))
    assert any(said in mistake for mistake in mistakes), mistakes
    if defect in ("missing", "negative weight"):
        assert mistakes[0].endswith("in line 6." if kind == ".csv" else "in row 5.")


@pytest.mark.parametrize("kind", KINDS)
def test_a_median_of_a_thousand_lines_is_a_wrong_unit_in_every_kind_of_file(tmp_path: Path, kind: str) -> None:
    frame = households()
    frame["spent"] *= 1000
    path = write(frame, tmp_path, kind)
    with pytest.raises(BadInput, match=r"the median is [\d,]+ times the poverty line of 4,000 yuan per person-year"):
        read_survey(path, mapping(tmp_path), line=4000)
    assert len(read_survey(path, mapping(tmp_path))) == 60


# ---- files that are not what their name says


@pytest.mark.parametrize("kind", BINARY)
@pytest.mark.parametrize("what", ["text", "empty", "half", "another"])
def test_a_file_of_another_kind_or_half_a_file_is_refused(tmp_path: Path, kind: str, what: str) -> None:
    path = write(households(), tmp_path, kind)
    whole = path.read_bytes()
    other = write(households(), tmp_path, ".dta" if kind == ".parquet" else ".parquet", "other").read_bytes()
    path.write_bytes({"text": b"id,w\na,1\n", "empty": b"", "half": whole[: len(whole) // 2], "another": other}[what])
    with pytest.raises(BadInput) as caught:
        read_survey(path, mapping(tmp_path))
    name = {".parquet": "Parquet", ".dta": "Stata"}[kind]
    assert len(caught.value.mistakes) == 1
    assert caught.value.mistakes[0].startswith(f"the file is no {name} file, or a damaged one: ")
    assert "\n" not in caught.value.mistakes[0]


def test_a_stata_version_that_is_not_known_is_named(tmp_path: Path) -> None:
    path = write(households(), tmp_path, ".dta", version=114)
    path.write_bytes(b"\x65" + path.read_bytes()[1:])  # 101
    with pytest.raises(BadInput, match=r"no Stata file, or a damaged one: .*\b101\b.* pandas supports importing"):
        read_survey(path, mapping(tmp_path))


def test_a_stata_file_that_lost_its_labels_is_refused(tmp_path: Path) -> None:
    path = write(households(), tmp_path, ".dta")
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(BadInput, match="damaged one: it breaks off"):
        read_survey(path, mapping(tmp_path))


@pytest.mark.parametrize("kind", BINARY)
def test_damage_is_words_or_nothing_but_never_a_traceback(tmp_path: Path, kind: str) -> None:
    path = write(households(n=12), tmp_path, kind)
    whole, luck, said = path.read_bytes(), random.Random(1), mapping(tmp_path)
    refused = 0
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for _ in range(25):
            spoilt = bytearray(whole)
            for _ in range(3):
                spoilt[luck.randrange(len(spoilt))] = luck.randrange(256)
            path.write_bytes(bytes(spoilt))
            try:
                read_survey(path, said)
            except BadInput as mistakes:
                assert mistakes.mistakes  # noqa: PT017
                refused += 1
    assert refused > 0


@pytest.mark.parametrize("kind", BINARY)
def test_a_file_without_rows_is_refused(tmp_path: Path, kind: str) -> None:
    mistakes = refusal(tmp_path, kind, households()[:0])
    assert mistakes[0] == "the file has 8 columns and no rows."


def test_parquet_columns_of_lists_and_bytes_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "mine.parquet"
    with duckdb.connect() as connection:
        connection.execute(
            "copy (select {'a': 1} as id, [1, 2] as village, 'x'::blob as size, 1 as spent) "
            f"to '{path}' (format parquet)"
        )
    with pytest.raises(BadInput) as caught:
        read_survey(path, mapping(tmp_path))
    assert caught.value.mistakes == [
        'column "id" holds STRUCT(a INTEGER); numbers or texts are wanted.',
        'column "village" holds INTEGER[]; numbers or texts are wanted.',
        'column "size" holds BLOB; numbers or texts are wanted.',
    ]


@pytest.mark.parametrize(
    ("kind", "said", "expected"),
    [
        (".parquet", 'encoding = "utf-8"', "a Parquet file says its encoding and has no separator; leave [file] out."),
        (".parquet", 'separator = ";"', "a Parquet file says its encoding and has no separator; leave [file] out."),
        (".dta", 'separator = ";"', "a Stata file has no separator; leave [file] separator out."),
    ],
)
def test_settings_that_a_file_does_not_need_are_refused(tmp_path: Path, kind: str, said: str, expected: str) -> None:
    assert refusal(tmp_path, kind, households(), MAPPING + f"[file]\n{said}\n") == [expected]


# ---- encodings of CSV


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "gbk", "utf-16"])
def test_a_csv_of_chinese_excel_is_read_in_its_encoding(tmp_path: Path, encoding: str) -> None:
    frame = households()
    frame["county"] = frame["county"].map({"East": "东县", "West": "西县"})
    path = write(frame.rename(columns={"size": "人口"}), tmp_path, ".csv")
    path.write_bytes(path.read_text("utf-8").encode(encoding))
    text = MAPPING.replace('"size"', '"人口"') + f'[file]\nencoding = "{encoding}"\n'
    assert read_survey(path, mapping(tmp_path, text)).county_names == ("东县", "西县")
    cells = read_cells(path, ["人口"], FileSettings(encoding))
    assert cells.columns["人口"] == tuple(frame["size"].astype(str))


@pytest.mark.parametrize(
    ("mark", "encoding", "said"),
    [
        (codecs.BOM_UTF8, "gb18030", "begins with the mark of utf-8, and is read as gb18030; write [file] encoding"),
        (codecs.BOM_UTF16_LE, "utf-8", "begins with the mark of utf-16, and is read as utf-8; write [file] encoding"),
        (b"\xff\xd6", "utf-8", 'byte 0 of the file is not utf-8; name its encoding, such as [file] encoding = "gb18'),
        (b"\xff\xff\xff", "gb18030", "byte 0 of the file is not gb18030; name its encoding, such as [file] encoding"),
    ],
)
def test_a_csv_in_another_encoding_than_said_is_refused(tmp_path: Path, mark: bytes, encoding: str, said: str) -> None:
    path = write(households(), tmp_path, ".csv")
    path.write_bytes(mark + path.read_bytes())
    with pytest.raises(BadInput) as caught:
        read_survey(path, mapping(tmp_path, MAPPING + f'[file]\nencoding = "{encoding}"\n'))
    assert said in caught.value.mistakes[0]


def test_a_file_that_cannot_be_opened_is_one_message(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> bytes:
        raise PermissionError(13, "Permission denied")

    path = write(households(), tmp_path, ".csv")
    monkeypatch.setattr(Path, "read_bytes", refuse)
    with pytest.raises(BadInput, match=r"cannot be read: Permission denied"):
        read_cells(path, ["id"])


def test_a_quote_that_is_never_closed_does_not_swallow_the_reader(tmp_path: Path) -> None:
    path = write(households(n=3000), tmp_path, ".csv")
    path.write_text(path.read_text("utf-8").replace("h00000", '"h00000', 1), encoding="utf-8")
    with pytest.raises(BadInput, match="is not CSV"):
        read_cells(path, ["id"])
