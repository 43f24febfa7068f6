"""A user's survey becomes arrays, or one message that lists everything wrong with it."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fupin_sim.draws import luck_key
from fupin_sim.errors import BadInput
from fupin_sim.microdata import headcount, how_to_make, read_survey, report_text
from fupin_sim.survey_mapping import parse_mapping

CSV = """\
id,w,province,commune,size,edu,age,sex,spent
b,2,East,7,4,6,40,female,8000
a,1,East,7,2,9,51,male,12000
c,0.5,West,7,1,0,33,male,3000
d,1,East,10,5,12,28,female,10000
"""
MAPPING = """\
title = "Three hamlets"
source = "made up"
[use]
welfare = "consumption"
as = "income"
[columns]
household = "id"
weight = "w"
county = "province"
village = "commune"
members = "size"
schooling = "edu"
head_age = "age"
head_female = { column = "sex", true = "female" }
consumption = { column = "spent", unit = "dong", yuan = 0.5, per = "household-year" }
"""


@pytest.fixture
def survey_of(tmp_path):
    """Reads a survey from the texts of its two files."""

    def read(csv=CSV, mapping=MAPPING, line=None, encoding="utf-8", name="mine.csv"):
        (tmp_path / name).write_bytes(csv if isinstance(csv, bytes) else csv.encode(encoding))
        (tmp_path / "mine.mapping.toml").write_text(mapping, encoding="utf-8")
        return read_survey(tmp_path / name, tmp_path / "mine.mapping.toml", line)

    return read


@pytest.fixture
def refusal(survey_of):
    """The mistakes for which a survey is refused."""

    def mistakes(*args, **kwargs):
        with pytest.raises(BadInput) as caught:
            survey_of(*args, **kwargs)
        assert "mine.csv, as mine.mapping.toml reads it" in str(caught.value)
        return caught.value.mistakes

    return mistakes


def only(mistakes):
    assert len(mistakes) == 1, mistakes
    return mistakes[0]


# ---- what is read


def test_rows_stand_county_by_county_village_by_village_in_the_order_of_their_codes(survey_of):
    survey = survey_of()
    assert survey.household.tolist() == ["a", "b", "d", "c"]  # village 7 before 10, though "10" < "7" as text
    assert survey.village.tolist() == [0, 0, 1, 2]
    assert survey.village_names == ("7", "10", "7")  # commune 7 of West is not commune 7 of East
    assert survey.county.tolist() == [0, 0, 0, 1]
    assert survey.county_of_village.tolist() == [0, 0, 1]
    assert survey.county_names == ("East", "West")


def test_values_follow_their_households_in_the_units_of_the_model(survey_of):
    survey = survey_of()
    assert survey.members.tolist() == [2, 4, 5, 1]
    assert survey.weight.tolist() == [1, 2, 1, 0.5]
    assert survey.values["schooling"].tolist() == [9, 6, 12, 0]
    assert survey.values["head_female"].tolist() == [0, 1, 1, 0]
    assert survey.welfare.tolist() == [3000, 1000, 1000, 1500]  # 12,000 dong × .5 yuan ÷ 2 persons, …
    assert survey.absent == ("income", "food", "medical")


@pytest.mark.parametrize(
    ("per", "expected"),
    [("household-year", 3000), ("person-year", 6000), ("household-month", 36000), ("person-month", 72000)],
)
def test_money_becomes_yuan_per_person_year(survey_of, per, expected):
    assert survey_of(mapping=MAPPING.replace("household-year", per)).welfare[0] == expected


def test_headcount_counts_persons_by_weight(survey_of):
    # Below 1,500: b (2 × 4 persons) and d (5) of 2 + 8 + 5 + .5.
    assert survey_of().headcount(1500) == pytest.approx(13 / 15.5)
    assert survey_of().headcount(0) == 0
    assert survey_of().headcount(3001) == 1


INCOME = 'income = { column = "w", unit = "yuan", yuan = 1.0, per = "person-year" }\n'
USE = '[use]\nwelfare = "consumption"\nas = "income"\n'
ONLY_INCOME = MAPPING.replace(USE, "").replace("consumption", "income")


def test_the_mapping_says_which_variable_is_welfare(survey_of):
    both = MAPPING + INCOME
    assert survey_of(mapping=both).welfare[0] == 3000
    assert "income starts from consumption (expenditure as income)" in report_text(survey_of(mapping=both))
    survey = survey_of(mapping=both.replace(USE, '[use]\nwelfare = "income"\n'))
    assert survey.welfare.tolist() == survey.weight.tolist()
    assert "income starts from income\n" in report_text(survey)
    assert survey_of(mapping=ONLY_INCOME).welfare[0] == 3000
    assert "consumption" in survey_of(mapping=ONLY_INCOME).absent


@pytest.mark.parametrize(
    ("mapping", "said"),
    [
        (
            MAPPING.replace(USE, ""),
            "[use] is missing: the model starts from income, and the survey has consumption. Say that it stands for "
            'income: [use] welfare = "consumption" and as = "income".',
        ),
        (
            MAPPING.replace(USE, "") + INCOME,
            "[use] is missing: the model starts from income, and the survey has consumption. Say that it stands for "
            'income: [use] welfare = "consumption" and as = "income", or [use] welfare = "income".',
        ),
        (
            MAPPING.replace('as = "income"\n', ""),
            '[use] as is missing: the model starts from income, so write [use] welfare = "consumption" and '
            'as = "income".',
        ),
        (MAPPING.replace('as = "income"', 'as = "welfare"'), '[use] as = "welfare": the model starts from income'),
        (MAPPING.replace(USE, '[use]\nwelfare = "food"\n'), '[use] welfare = "food": allowed are "consumption", "inc'),
        (MAPPING.replace(USE, '[use]\nwelfare = "income"\n'), '[use] welfare = "income": [columns] names no column'),
        (MAPPING.replace(USE, '[use]\nwelfare = "consumption"\nas = "income"\nby = 1\n'), "[use] by: no such key."),
    ],
)
def test_expenditure_is_income_only_where_the_mapping_says_so(refusal, mapping, said):
    assert only(refusal(mapping=mapping)).startswith(said)


def test_income_may_be_a_loss_but_consumption_may_not(survey_of, refusal):
    csv = CSV.replace("12000", "-12000")
    assert survey_of(csv, ONLY_INCOME).welfare[0] == -3000
    assert only(refusal(csv)) == 'consumption (column "spent"): below 0 in line 3.'


def test_luck_is_the_households_own(survey_of):
    survey = survey_of()
    assert survey.luck.dtype == np.uint64
    assert survey.luck.tolist() == luck_key(["a", "b", "d", "c"]).tolist()
    without_a = survey_of("\n".join(line for line in CSV.splitlines() if not line.startswith("a,")))
    assert without_a.luck.tolist() == survey.luck[1:].tolist()


def test_without_weights_and_counties_every_household_counts_once_in_one_county(survey_of):
    survey = survey_of(mapping=MAPPING.replace('weight = "w"', "").replace('county = "province"', ""))
    assert survey.weight.tolist() == [1, 1, 1, 1]
    assert survey.county_names == ("",)
    assert survey.village_names == ("7", "10")
    assert survey.household.tolist() == ["a", "b", "c", "d"]
    assert "no weights: every household counts once" in report_text(survey)
    assert "weight" not in survey.absent


def test_codes_of_several_columns_are_joined(survey_of):
    csv = CSV.replace("\nc,", "\na,")  # a of West is not a of East
    survey = survey_of(csv, MAPPING.replace('household = "id"', 'household = ["province", "id"]'))
    assert survey.household.tolist() == ["East/a", "East/b", "East/d", "West/a"]


def test_arrays_cannot_be_written_to(survey_of):
    survey = survey_of()
    with pytest.raises(ValueError, match="read-only"):
        survey.welfare[0] = 1
    with pytest.raises(dataclasses.FrozenInstanceError):
        survey.title = "another"


def test_the_report_says_what_was_read_column_by_column(survey_of):
    report = {row.name: row for row in survey_of().report}
    assert list(report) == ["weight", "members", "schooling", "head_age", "head_female", "consumption"]
    spent = report["consumption"]
    assert (spent.column, spent.n, spent.missing) == ("spent", 4, 0)
    assert (spent.lowest, spent.median, spent.highest) == (1000, 1250, 3000)
    assert spent.mean == (2 * 1000 + 3000 + 0.5 * 1500 + 1000) / 4.5
    assert spent.unit == "yuan per person-year (file: dong per household-year × 0.5)"
    text = report_text(survey_of()).splitlines()
    assert text[0].split() == [
        "variable",
        "column",
        "n",
        "missing",
        "rule",
        "lowest",
        "median",
        "mean",
        "highest",
        "unit",
    ]
    assert text[3].split() == ["schooling", "edu", "4", "0", "0", "7.5", "7.33333", "12", "years"]
    assert text[-2:] == [
        "4 households in 3 villages of 2 counties; income starts from consumption (expenditure as income)",
        "not in the survey: income, food, medical",
    ]


def test_spreadsheets_of_other_habits_are_read(survey_of):
    mapping = MAPPING + '[file]\nencoding = "gb18030"\nseparator = ";"\n'
    survey = survey_of(CSV.replace(",", ";").replace("East", "贵州").replace("\n", "\r\n"), mapping, encoding="gb18030")
    assert survey.county_names == ("West", "贵州")
    with_mark = survey_of("\N{ZERO WIDTH NO-BREAK SPACE}" + CSV + "\n\n")  # Excel's UTF-8, blank lines at the end
    assert len(with_mark) == 4


def test_numbers_may_have_a_factor_and_a_unit(survey_of):
    survey = survey_of(mapping=MAPPING.replace('"edu"', '{ column = "edu", unit = "terms", factor = 0.5 }'))
    assert survey.values["schooling"].tolist() == [4.5, 3, 6, 0]
    assert {row.name: row.unit for row in survey.report}["schooling"] == "years (file: terms × 0.5)"


def test_rows_with_missing_cells_are_left_out_if_the_mapping_says_so(survey_of):
    csv = CSV.replace("2,9,51", "2,NA,51").replace("1,0,33", "1,0,-9").replace("c,0.5", "c,")
    survey = survey_of(csv, MAPPING + '[missing]\nrows = "drop"\ncodes = ["-9"]\n')
    assert survey.household.tolist() == ["b", "d"]
    assert survey.county_names == ("East",)
    assert survey.dropped == 2
    assert {row.name: row.missing for row in survey.report if row.missing} == {
        "weight": 1,
        "schooling": 1,
        "head_age": 1,
    }
    assert report_text(survey).endswith("left out for a missing cell: 2 rows")
    assert "left out" in report_text(survey).splitlines()[1]


def test_a_missing_answer_on_the_sex_of_the_head_is_not_a_no(survey_of, refusal):
    csv = CSV.replace("51,male", "51,")
    assert only(refusal(csv)).startswith('head_female (column "sex"): missing')
    assert len(survey_of(csv, MAPPING + '[missing]\nrows = "drop"\n')) == 3


@given(
    rows=st.lists(
        st.tuples(
            st.integers(0, 3),  # county
            st.integers(0, 12),  # village
            st.integers(1, 9),  # members
            st.integers(1, 10**6),  # spent
            st.integers(1, 50),  # weight
        ),
        min_size=1,
        max_size=30,
    ),
    line=st.integers(1, 10**6),
    shuffle=st.randoms(),
)
def test_the_order_of_the_rows_does_not_matter_and_nobody_is_lost(tmp_path_factory, rows, line, shuffle):
    folder = tmp_path_factory.mktemp("survey")
    (folder / "m.toml").write_text(MAPPING, encoding="utf-8")
    texts = [f"h{i},{w},{c},{v},{n},6,40,female,{x}" for i, (c, v, n, x, w) in enumerate(rows)]

    def read(lines):
        (folder / "s.csv").write_text("\n".join([CSV.splitlines()[0], *lines]), encoding="utf-8")
        return read_survey(folder / "s.csv", folder / "m.toml")

    one = read(texts)
    mixed = texts.copy()
    shuffle.shuffle(mixed)
    two = read(mixed)
    assert one.household.tolist() == two.household.tolist()
    assert one.luck.tolist() == two.luck.tolist()
    assert all(one.values[name].tolist() == two.values[name].tolist() for name in one.values)
    assert (np.diff(one.village) >= 0).all()
    assert (np.diff(one.village) <= 1).all()
    assert one.county.tolist() == one.county_of_village[one.village].tolist()
    assert one.village.max() + 1 == len({(c, v) for c, v, *_ in rows}) == len(one.village_names)
    poor = sum(w * n for _, _, n, x, w in rows if 0.5 * x / n < line)
    assert one.headcount(line) == pytest.approx(poor / sum(w * n for _, _, n, _, w in rows))


@given(st.lists(st.tuples(st.floats(0, 1e6), st.floats(0.1, 100)), min_size=1), st.floats(0, 1e6))
def test_a_headcount_is_a_share_and_rises_with_the_line(rows, line):
    welfare, persons = np.array(rows).T
    assert 0 <= headcount(welfare, line, persons) <= headcount(welfare, line + 1, persons) <= 1


# ---- what is refused: the data


def test_all_mistakes_come_in_one_message(refusal):
    csv = CSV.replace("c,0.5", "a,-0.5").replace("5,12,28", "0,31,x").replace("8000", "")
    mistakes = refusal(csv, MAPPING.replace('"province"', '"provinse"').replace("[columns]", "[columns]\nwieght = 1"))
    assert mistakes == [
        '[columns] wieght: no such key. Did you mean "weight"? Allowed are household, village, county, weight, '
        "members, schooling, head_age, head_female, consumption, income, food, medical.",
        '[columns] county: the file has no column "provinse". Did you mean "province"? It has id, w, province, '
        "commune, size, edu, age, sex, spent.",
        'weight (column "w"): below 0 in line 4.',
        'members (column "size"): below 1 in line 5.',
        'schooling (column "edu"): above 25 in line 5.',
        'head_age (column "age"): not a number (\'x\'; values = { "x" = … } in the mapping says what a text means) '
        "in line 5.",
        'consumption (column "spent"): missing ([missing] rows = "drop" leaves such rows out, '
        'consumption = "village_median" or "regression" fills them) in line 2.',
        'household "a" stands in lines 3, 4: one row each.',
    ]


def test_a_file_that_is_not_there_is_named_with_the_way_to_make_it(tmp_path):
    with pytest.raises(BadInput) as caught:
        read_survey(tmp_path / "vietnam.csv", tmp_path / "mine.toml")
    make = f"Make it with: python -m fupin_sim.surveys.vietnam --out {tmp_path}"
    assert caught.value.mistakes == [
        f"{tmp_path / 'vietnam.csv'}: no such file. {make}",
        f"{tmp_path / 'mine.toml'}: no such file.",
    ]
    assert how_to_make("scenarios/data/vietnam.mapping.toml").endswith("vietnam --out scenarios/data")


@pytest.mark.parametrize(
    ("csv", "said"),
    [
        ("", "the file is empty."),
        ("\n\n", "the file is empty."),
        (CSV.splitlines()[0], "the file has a head line and no rows."),
        (b"PK\x03\x04\x00\x00", "the file is not text (a spreadsheet"),
        (
            b"id,w\n\xd6\xd0,1\n",
            'byte 5 of the file is not utf-8; name its encoding, such as [file] encoding = "gb18030".',
        ),
        (CSV + "e,1,East,7,2\nf,1\n", "2 rows have more or fewer cells than the 9 columns, in lines 6, 7."),
        (CSV + "e\n" * 6, "6 rows have more or fewer cells than the 9 columns, in lines 6, 7, 8, 9, 10 …."),
        (CSV + '"e,1,East', "line 6 is not CSV: unexpected end of data."),
        (CSV.replace("edu", "size"), 'two columns are called "size".'),
    ],
)
def test_a_file_that_is_not_a_table_is_refused(refusal, csv, said):
    assert any(mistake.startswith(said) for mistake in refusal(csv)), refusal(csv)


def test_another_separator_is_guessed_at(refusal):
    assert "the head line is one column" in refusal(CSV.replace(",", ";"))[0]
    assert "[file] separator = ';' may be meant." in refusal(CSV.replace(",", ";"))[0]


def test_a_spreadsheet_is_refused_with_what_to_do(survey_of):
    with pytest.raises(BadInput, match=r"the ending '\.xlsx' is not one of \.csv, \.parquet, \.dta; export the survey"):
        survey_of(name="mine.xlsx")


@pytest.mark.parametrize(
    ("encoding", "said"),
    [
        ("utf-88", '[file] encoding = "utf-88": no such encoding'),
        ("rot13", '[file] encoding = "rot13": not an encoding of text files.'),
    ],
)
def test_an_unknown_encoding_is_refused(refusal, encoding, said):
    assert only(refusal(mapping=MAPPING + f'[file]\nencoding = "{encoding}"\n')).startswith(said)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "b,2",
            "b,x",
            'weight (column "w"): not a number (\'x\'; values = { "x" = … } in the mapping says what a text means) '
            "in line 2.",
        ),
        (
            "8000",
            '"8,5"',
            "consumption (column \"spent\"): not a number ('8,5'; numbers have a decimal point and no separators of "
            "thousands) in line 2.",
        ),
        ("8000", "8_000", "consumption (column \"spent\"): not a number ('8_000') in line 2."),
        ("8000", "￥8000", "consumption (column \"spent\"): not a number ('￥8000') in line 2."),
        ("8000", "#DIV/0!", "consumption (column \"spent\"): not a number ('#DIV/0!') in line 2."),
        ("b,2", "b,inf", "weight (column \"w\"): not a number ('inf') in line 2."),
        ("b,2", "b,NaN", 'weight (column "w"): missing ([missing] rows = "drop" leaves such rows out) in line 2.'),
        ("7,4,6", "7,104,6", 'members (column "size"): above 100 in line 2.'),
        (
            "b,2",
            "5.2E+17,2",
            "household: 5.2E+17 is a long number that was cut off, in line 2; keep such codes as text.",
        ),
        ("7,4,6", "7,4.5,6", 'members (column "size"): not a whole number in line 2.'),
        ("7,4,6", "7,4,-1", 'schooling (column "edu"): below 0 in line 2.'),
        ("40,", "140,", 'head_age (column "age"): above 120 in line 2.'),
        ("b,2", "a,2", 'household "a" stands in lines 2, 3: one row each.'),
        ("b,2", ",2", 'household (column "id"): missing ([missing] rows = "drop" leaves such rows out) in line 2.'),
    ],
)
def test_a_cell_that_cannot_be_is_named_by_its_line(refusal, old, new, said):
    assert only(refusal(CSV.replace(old, new, 1))).startswith(said)


def test_no_more_than_five_lines_are_listed(refusal):
    rows = "".join(f"e{i},1,East,7,2,x,40,male,5000\n" for i in range(7))
    assert only(refusal(CSV + rows)).endswith("in lines 6, 7, 8, 9, 10 and 2 more.")
    mistakes = refusal(CSV + "".join(f"e{i},1,East,7,2,3,40,male,5000\n" * 2 for i in range(7)))
    assert len(mistakes) == 6
    assert mistakes[-1].startswith("2 more households stand in several rows")


def test_weights_that_add_up_to_nothing_are_refused_and_single_zeros_are_not(survey_of, refusal):
    assert survey_of(CSV.replace("b,2", "b,0")).weight[1] == 0
    none = CSV.replace("b,2", "b,0").replace("a,1", "a,0").replace("c,0.5", "c,0").replace("d,1", "d,0")
    assert only(refusal(none)) == "weight: the weights add up to 0."


def test_a_yes_that_nobody_says_is_a_slip_of_the_mapping(refusal):
    said = only(refusal(mapping=MAPPING.replace('"female"', '["F", "f"]')))
    assert said == 'head_female (column "sex"): no row says F or f; rows say female, male.'


def test_dropping_every_row_is_refused(refusal):
    csv = "\n".join([CSV.splitlines()[0], "a,1,East,7,2,NA,51,female,12000", "b,1,East,7,NA,2,51,female,12000"])
    assert only(refusal(csv, MAPPING + '[missing]\nrows = "drop"\n')).startswith("every row has a missing cell")


@pytest.mark.parametrize("times", [1000, 0.001])
def test_a_median_far_from_the_line_is_a_wrong_unit(survey_of, refusal, times):
    said = only(refusal(mapping=MAPPING.replace("0.5", str(0.5 * times)), line=1250))
    assert said == (
        f'consumption (column "spent"): the median is {times:,g} times the poverty line of 1,250 yuan per person-year; '
        "is its unit (yuan, per) right?"
    )
    assert len(survey_of(line=1250)) == 4


# ---- what is refused: the mapping


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("title =", "titel =", 'titel: no such key. Did you mean "title"?'),
        ('household = "id"\n', "", "[columns] names no column for household (one code per household"),
        ('members = "size"\n', "", "[columns] names no column for members (household size)."),
        (
            "consumption = {",
            "food = {",
            "[columns] names no column for consumption nor for income; one of them is needed.",
        ),
        ('"edu"', "3", "[columns] schooling: the name of a column in quotes"),
        ('"edu"', "{ factor = 2 }", "[columns] schooling: the name of a column in quotes"),
        ('"edu"', '{ column = "edu", factro = 2 }', '[columns] schooling factro: no such key. Did you mean "factor"?'),
        ('"edu"', '{ column = "edu", factor = 0 }', "[columns] schooling factor = 0: a number above 0 is wanted."),
        ('"edu"', '{ column = "edu", factor = true }', "[columns] schooling factor = true: a number above 0"),
        ('"commune"', '{ column = "commune", unit = "x" }', "[columns] village unit: no such key."),
        ('"commune"', "[]", "[columns] village: the name of a column in quotes"),
        ("yuan = 0.5, ", "", "[columns] consumption has no yuan: how many yuan of the model"),
        (
            ', per = "household-year"',
            "",
            "[columns] consumption has no per: one of person-year, person-month, household-",
        ),
        ('"household-year"', '"houshold-year"', '[columns] consumption per = "houshold-year": allowed are person-year'),
        ('true = "female"', "true = 1", "[columns] head_female true: the text that means yes"),
        (
            "[columns]",
            '[missing]\nrows = "keep"\n[columns]',
            '[missing] rows = "keep": allowed are "refuse", "drop".',
        ),
        ("[columns]", "[missing]\ncodes = [-9]\n[columns]", '[missing] codes: a list of texts, such as ["NA", "-9"].'),
        ("[columns]", '[file]\nseparator = ";;"\n[columns]', '[file] separator: one character, such as ";".'),
        ("[columns]", "[file]\nencoding = 8\n[columns]", "[file] encoding: a name in quotes"),
        ("[use]", "file = 1\n[use]", "file: a table is wanted, [file]."),
        (
            "[columns]",
            '[missing]\nschooling = "mean"\n[columns]',
            '[missing] schooling = "mean": allowed are "refuse", ',
        ),
        (
            "[columns]",
            '[missing]\nweight = "regression"\n[columns]',
            '[missing] weight = "regression": allowed are "re',
        ),
        ("[columns]", '[missing]\nincome = "drop"\n[columns]', "[missing] income: [columns] names no column for it."),
        (
            '"edu"',
            '{ column = "edu", values = { a = "b" } }',
            "[columns] schooling values: a table of texts and the num",
        ),
        ('"edu"', '{ column = "edu", unit = 3 }', "[columns] schooling has no unit"),
        ('unit = "dong"', 'unit = " "', "[columns] consumption has no unit: the money of the column in words"),
    ],
)
def test_a_mapping_that_cannot_be_is_refused(refusal, old, new, said):
    assert old in MAPPING
    assert only(refusal(mapping=MAPPING.replace(old, new, 1))).startswith(said)


def test_money_without_a_unit_is_refused_with_an_example(refusal):
    mapping = MAPPING[: MAPPING.index("consumption =")] + 'consumption = "spent"\n'
    assert only(refusal(mapping=mapping)) == (
        "[columns] consumption: money needs its unit, for instance "
        '{ column = "spent", unit = "yuan of 2020", yuan = 1.0, per = "person-year" }.'
    )


def test_a_mapping_that_is_no_toml_is_refused(refusal):
    assert refusal(mapping="title = ")[0].startswith("mine.mapping.toml is not a TOML file: ")


def test_a_mapping_saved_by_a_chinese_editor(survey_of, tmp_path):
    (tmp_path / "s.csv").write_text(CSV, encoding="utf-8")
    (tmp_path / "m.toml").write_bytes(MAPPING.replace("Three hamlets", "三村").encode("gb18030"))
    with pytest.raises(BadInput, match=r"m\.toml is not UTF-8, as TOML must be, at byte \d+; save it as UTF-8"):
        read_survey(tmp_path / "s.csv", tmp_path / "m.toml")
    assert survey_of(mapping="\N{ZERO WIDTH NO-BREAK SPACE}" + MAPPING).title == "Three hamlets"


def test_columns_must_be_a_table():
    _, mistakes = parse_mapping({"columns": "id"})
    assert mistakes == ["columns: a table is wanted, [columns]."]
