"""The comparison that the other tests rest on sees every difference, and none in the order of rows."""

from decimal import Decimal

import pyarrow
import pytest

from rows import assert_same

SCHEMA = pyarrow.schema(
    [("kwh", pyarrow.decimal128(18, 6)), ("at", pyarrow.timestamp("us", "UTC")), ("list", pyarrow.list_(pyarrow.int64()))]
)
ROWS = [
    {"kwh": Decimal("0.1"), "at": 1, "list": [1, None]},
    {"kwh": Decimal("0.1"), "at": 1, "list": [1, 2]},
    {"kwh": None, "at": None, "list": None},
]


def compare(ours, theirs):
    assert_same(*(pyarrow.Table.from_pylist(rows, SCHEMA) for rows in (ours, theirs)), ("ours", "theirs"))


def test_order_is_no_difference():
    compare(ROWS, ROWS[::-1])


@pytest.mark.parametrize(
    "theirs",
    [
        ROWS[:2],
        [*ROWS, ROWS[0]],
        [ROWS[0], ROWS[0], ROWS[2]],
        [{**ROWS[0], "kwh": Decimal("0.100001")}, *ROWS[1:]],
        [{**ROWS[0], "at": 2}, *ROWS[1:]],
        [{**ROWS[0], "list": [1, 0]}, *ROWS[1:]],
        [{**ROWS[0], "list": [None, 1]}, *ROWS[1:]],
        [*ROWS[:2], {**ROWS[2], "list": []}],
    ],
    ids=["a row less", "a row more", "a row twice", "a digit", "a microsecond", "NULL and 0", "order in a list", "NULL and []"],
)
def test_difference_is_seen(theirs):
    with pytest.raises(AssertionError, match="ours alone has"):
        compare(ROWS, theirs)
