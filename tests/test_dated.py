"""Dates, series and prices."""

from bisect import bisect_right

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fupin_sim.dated import PriceIndex, Series, month_name, month_number

MONTHS = st.integers(12, 9999 * 12 + 11)
SERIES = st.dictionaries(st.integers(2000 * 12, 2030 * 12), st.integers(-3, 3), min_size=1).map(
    lambda table: Series(tuple(sorted(table)), tuple(table[month] for month in sorted(table)))
)


@given(MONTHS)
def test_every_month_has_one_name(month):
    assert month_number(month_name(month)) == month


@pytest.mark.parametrize("text", ["2016", "2016-01", "2016-01-01", "2016-01-31"])
def test_a_year_and_a_day_take_effect_in_their_month(text):
    assert month_name(month_number(text)) == "2016-01"


@pytest.mark.parametrize(
    "text", ["", "16", "2016-1", "2016/01", "2016-01-", "2016-01-01T00", " 2016", "２０１６", 2016, None]
)
def test_what_is_no_date_is_refused(text):
    with pytest.raises(ValueError, match=r'is not a date; write "2016-01"'):
        month_number(text)


@pytest.mark.parametrize("text", ["2016-13", "2016-00", "2015-02-29", "0000-01"])
def test_a_day_outside_the_calendar_is_refused(text):
    with pytest.raises(ValueError, match="is not in the calendar"):
        month_number(text)


@given(SERIES, MONTHS)
def test_the_value_in_force_is_the_last_that_took_effect_or_the_first(series, month):
    begun = [value for start, value in zip(series.months, series.values, strict=True) if start <= month]
    assert series.at(month) == (begun[-1] if begun else series.values[0])


@given(SERIES, MONTHS)
def test_the_simplest_series_has_the_same_values_and_no_month_without_a_change(series, month):
    simplest = series.simplest()
    if isinstance(simplest, Series):
        assert simplest.at(month) == series.at(month)
        assert all(a != b for a, b in zip(simplest.values, simplest.values[1:], strict=False))
    else:
        assert simplest == series.at(month)


@given(SERIES)
def test_a_series_survives_its_table(series):
    assert Series.of(series.table()) == series
    assert len({series, Series.of(series.table())}) == 1


def test_a_series_refuses_what_is_not_in_order():
    with pytest.raises(ValueError, match="two values for 2016-01"):
        Series.of({"2016": 1, "2016-01": 2})
    with pytest.raises(ValueError, match="dates out of order: 2017-01 stands before 2016-01"):
        Series.of({"2017": 1, "2016": 2})
    with pytest.raises(ValueError, match="at least one month"):
        Series((), ())
    with pytest.raises(ValueError, match="one value for each month"):
        Series((1, 2), (1,))


def test_a_year_as_base_is_the_mean_of_its_months():
    index = Series.of({"2020-01": 100.0, "2020-07": 110.0})
    assert PriceIndex(index, "2020").base_index == pytest.approx(105)
    assert PriceIndex(index, "2020-07").base_index == 110
    assert PriceIndex(index, "2020-06").base_index == 100


def test_3000_yuan_of_2010_are_worth_more_in_yuan_of_2020():
    prices = PriceIndex(Series.of({"2010": 80.0, "2015": 90.0, "2020": 100.0}))
    assert prices.deflate(3000, month_number("2010-06")) == 3750
    assert prices.deflate(3000, month_number("2020-06")) == 3000
    assert prices.deflate(3000, month_number("1990-06")) == 3750, "before its first date the index is the first value"


def test_a_constant_nominal_amount_loses_value_at_every_change_of_prices():
    prices = PriceIndex(Series.of({"2010": 80.0, "2015": 90.0, "2020": 100.0}))
    assert prices.real(900).table() == {"2010-01": 1125.0, "2015-01": 1000.0, "2020-01": 900.0}
    assert prices.real(Series.of({"2016": 900})).table() == {"2016-01": 1000.0, "2020-01": 900.0}


@given(SERIES, st.dictionaries(st.integers(2000 * 12, 2030 * 12), st.floats(10, 200), min_size=1), MONTHS)
def test_the_real_series_is_the_nominal_one_deflated_month_by_month(nominal, index, month):
    months = tuple(sorted(index))
    prices = PriceIndex(Series(months, tuple(index[m] for m in months)))
    real = prices.real(nominal)
    month = max(month, nominal.months[0])
    assert real.at(month) == prices.deflate(nominal.at(month), month)
    assert real.months[bisect_right(real.months, month) - 1] <= month


@pytest.mark.parametrize("value", [0.0, -1.0, float("inf"), float("nan")])
def test_an_index_is_above_zero(value):
    with pytest.raises(ValueError, match="must be above 0"):
        PriceIndex(Series((1,), (value,)))


def test_the_base_is_a_date():
    with pytest.raises(ValueError, match="is not a date"):
        PriceIndex(Series((1,), (1.0,)), "last year")
