"""Others write to our tables, we go on in theirs, and all read the same rows, of the same types, at every version."""

import datetime
import decimal

import pyarrow
import pytest

from story import Story

SCHEMA = pyarrow.schema(
    [
        ("id", pyarrow.int64()),
        ("day", pyarrow.date32()),
        ("month", pyarrow.string()),
        ("region", pyarrow.string()),
        ("kwh", pyarrow.decimal128(18, 6)),
        ("at", pyarrow.timestamp("us", "UTC")),
        ("note", pyarrow.string()),
        ("list", pyarrow.list_(pyarrow.int64())),
    ]
)
REGIONS = ["north", "Šiauliai a/b c%20=#?", "it's \"β\"", None]
LAYOUTS = {"by month": ["month"], "by two columns": ["region", "month"], "unpartitioned": []}
# Spark takes its time: it writes a layout with or without our checkpoints, delta-rs both.
STORIES = [
    ("Spark", "by month", True),
    ("Spark", "by two columns", False),
    ("Spark", "unpartitioned", True),
    *(("delta-rs", layout, checkpoints) for layout in LAYOUTS for checkpoints in (True, False)),
]


def made(*ids, **change):
    """Rows, each by its number: of some, values are missing."""
    return [row(number) | change for number in ids]


def row(number):
    day = datetime.date(2022, 1 + number % 3, 1 + number % 28)
    return {
        "id": number,
        "day": day,
        "month": f"{day:%Y-%m}",
        "region": REGIONS[number % 4],
        "kwh": None if number % 5 == 4 else decimal.Decimal(number) / 8 - 1,
        "at": datetime.datetime(2022, 3, 27, 0, 59, 59, 999_999 - number, datetime.UTC),
        "note": None if number % 7 == 6 else f"{number} €" * (number % 9),
        "list": None if number % 6 == 5 else [number, None][: number % 3],
    }


def table(rows):
    return pyarrow.Table.from_pylist(rows, SCHEMA)


@pytest.mark.parametrize(
    ("other", "layout", "checkpoints"),
    STORIES,
    ids=[f"{other} {layout}, {'with' if checkpoints else 'without'} checkpoints" for other, layout, checkpoints in STORIES],
)
def test_others_write_to_our_tables(other, layout, checkpoints, writers, ours, tmp_path):
    every = (other, layout, checkpoints) == ("delta-rs", "by two columns", True)
    other = writers[other]
    root = tmp_path / "table"
    story = Story(root, ours, SCHEMA)
    for start in range(0, 22 if checkpoints else 6, 2):
        ours.append(root, table(made(start, start + 1)), partition=LAYOUTS[layout])
        story.tell(story.rows + made(start, start + 1))
    assert (root / "_delta_log" / "_last_checkpoint").exists() == checkpoints
    begun = len(story.told)

    other.append(root, table(made(30, 31, 32, 33)))
    story.tell(story.rows + made(30, 31, 32, 33))
    other.delete(root, "month = '2022-01'")
    story.tell(row for row in story.rows if row["month"] != "2022-01")
    other.delete(root, "id % 4 = 1")
    story.tell(row for row in story.rows if row["id"] % 4 != 1)
    other.update(root, "note", "'changed'", "id > 20")
    story.tell(row | {"note": "changed"} if row["id"] > 20 else row for row in story.rows)
    rows = made(2, 31, 40, 41, note="merged")
    other.merge(root, table(rows))
    story.tell([row for row in story.rows if row["id"] not in (2, 31)] + rows)

    rows = made(*range(50, 62))
    ours.append(root, table(rows))
    story.tell(story.rows + rows)
    day = datetime.date(2022, 2, 3)
    rows = made(99, day=day, month="2022-02")
    ours.ask("replace", root, rows=ours.parquet(table(rows)), column="day", values=[str(day)])
    story.tell([row for row in story.rows if row["day"] != day] + rows)
    many = len(story.told) - 1

    other.compact(root)
    story.tell()
    rows = made(*range(62, 74))
    ours.append(root, table(rows))
    story.tell(story.rows + rows)
    other.z_order(root, "id")
    story.tell()
    other.checkpoint(root)
    ours.append(root, table(made(80)))
    story.tell(story.rows + made(80))
    # Back to where its files were many, for us to fold.
    ours.ask("restore", root, version=many)
    story.tell(story.told[many])
    ours.ask("optimize", root, by=["id"])
    story.tell()

    story.check(writers["delta-rs"])
    newest = len(story.told) - 1
    story.check(writers["Spark"], versions=range(begun, newest + 1) if every else [newest])
    other.vacuum(root)
    ours.ask("vacuum", root)
    # A vacuum of delta-rs is two versions more, of the same rows.
    story.told += [story.rows] * (ours.version(root) - newest)
    story.check(*writers.values(), versions=[len(story.told) - 1])
