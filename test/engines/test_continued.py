"""Tables that others made are read as they are, and gone on with by us: nothing of them is lost, and nothing doubled."""

import datetime
import decimal
import threading

import deltalake
import pyarrow
import pytest

from rows import assert_same
from story import Story
from writers import at

SCHEMA = pyarrow.schema(
    [
        ("place", pyarrow.string()),
        ("day", pyarrow.date32()),
        ("level", pyarrow.decimal128(10, 2)),
        ("id", pyarrow.int64()),
        ("small", pyarrow.int16()),
        ("kwh", pyarrow.decimal128(38, 9)),
        ("at", pyarrow.timestamp("us", "UTC")),
        ("ratio", pyarrow.float64()),
        ("open", pyarrow.bool_()),
        ("raw", pyarrow.binary()),
        ("who", pyarrow.struct([("name", pyarrow.string()), ("tags", pyarrow.list_(pyarrow.string()))])),
        ("by_key", pyarrow.map_(pyarrow.string(), pyarrow.decimal128(18, 6))),
    ]
)
PARTITIONS = ["place", "day", "level"]
PLACES = ["a/b=c%20d", "Ω 'q' \"r\" #?", "{x}[y]\\^", None, "a:b|c<d>", " leading"]


def row(number):
    return {
        "place": PLACES[number % len(PLACES)],
        "day": None if number % 4 == 3 else datetime.date(1969 + number % 3 * 40, 12, 31),
        "level": None if number % 5 == 4 else decimal.Decimal(number % 5) / 4,
        "id": number,
        "small": None if number % 3 == 2 else -number,
        "kwh": None if number % 5 == 1 else decimal.Decimal(10**28 + number) / 10**9,
        "at": datetime.datetime(1969 + number % 2 * 200, 12, 31, 23, 59, 59, 999_999, datetime.UTC),
        "ratio": [0.1, float("inf"), -0.0, None][number % 4],
        "open": [True, False, None][number % 3],
        "raw": [b"\x00\xff", b"", None][number % 3],
        "who": [{"name": "ä", "tags": ["x", None]}, {"name": None, "tags": None}, None][number % 3],
        "by_key": [[("a", decimal.Decimal("1.5")), ("b", None)], [], None][number % 3],
    }


def table(rows):
    return pyarrow.Table.from_pylist(rows, SCHEMA)


def made(first, last):
    return [row(number) for number in range(first, last)]


def made_by_spark(root, writers, ours):
    """Statistics only as columns of a checkpoint that comes in parts, instants of old, texts cut short."""
    spark = writers["Spark"]
    rows = ours.parquet(table(made(0, 6)))
    spark.session.conf.set("spark.databricks.delta.checkpoint.partSize", "3")
    try:
        spark.sql(
            f"CREATE TABLE {at(root)} USING delta PARTITIONED BY ({', '.join(PARTITIONS)}) TBLPROPERTIES "
            "('delta.checkpoint.writeStatsAsStruct' = 'true', 'delta.checkpoint.writeStatsAsJson' = 'false') "
            f"AS SELECT * FROM parquet.`{rows}`"
        )
        spark.append(root, table(made(6, 12)))
        spark.checkpoint(root)
    finally:
        spark.session.conf.unset("spark.databricks.delta.checkpoint.partSize")
    parts = [path.name for path in (root / "_delta_log").glob("*.checkpoint.*.parquet")]
    assert len(parts) > 1


def made_by_delta_rs(root, writers, ours):
    deltalake.write_deltalake(root, table(made(0, 6)), partition_by=PARTITIONS)
    writers["delta-rs"].append(root, table(made(6, 12)))
    writers["delta-rs"].checkpoint(root)


@pytest.mark.parametrize("make", [made_by_spark, made_by_delta_rs])
def test_we_go_on_in_tables_of_others(make, writers, ours, tmp_path):
    root = tmp_path / "table"
    make(root, writers, ours)
    story = Story(root, ours, SCHEMA)
    story.told = [made(0, 6)]
    story.tell(made(0, 12))
    story.check(writers["delta-rs"])
    # Once more with nothing but the checkpoint to tell what came before it.
    log = root / "_delta_log"
    (log / f"{0:020}.json").rename(tmp_path / "first.json")
    story.check(*writers.values(), versions=[1])
    (tmp_path / "first.json").rename(log / f"{0:020}.json")

    ours.append(root, table(made(12, 18)))
    story.tell(made(0, 18))
    days = [str(rows["day"]) for rows in story.rows if rows["day"] and rows["day"].year == 1969]
    ours.ask("replace", root, rows=ours.parquet(table([])), column="day", values=days[:1])
    story.tell(rows for rows in story.rows if str(rows["day"]) != days[0])
    ours.ask("restore", root, version=2)
    story.tell(made(0, 18))
    ours.append(root, table(made(6, 12)))
    story.tell(made(0, 18) + made(6, 12))
    ours.ask("optimize", root, by=["id"])
    story.tell()
    for number in range(20, 24):
        ours.append(root, table([row(number)]))
        story.tell([*story.rows, row(number)])
    # The hint at the newest checkpoint is ours now, beside Spark's sum of its own.
    assert '"version":10' in (log / "_last_checkpoint").read_text()
    story.check(writers["delta-rs"])
    story.check(writers["Spark"], versions=[len(story.told) - 1])

    writers["delta-rs"].append(root, table(made(30, 31)))
    writers["Spark"].append(root, table(made(31, 32)))
    story.told += [[*story.rows, row(30)]]
    story.tell([*story.rows, row(30), row(31)])
    ours.ask("vacuum", root)
    story.check(*writers.values(), versions=[len(story.told) - 1])


def test_rows_that_others_add_while_we_write_are_kept(writers, ours, tmp_path):
    root = tmp_path / "table"
    ours.append(root, table(made(0, 2)), partition=["day"])
    for number, writer in enumerate(writers.values()):
        ours.ask("stage", root, rows=ours.parquet(table(made(10 + number, 11 + number))))
        writer.append(root, table(made(20 + number, 21 + number)))
        assert ours.ask("publish", root) is False
        ours.append(root, table(made(10 + number, 11 + number)))
    # And the other way round: a writer that has read the table before we add to it.
    stale = deltalake.DeltaTable(root)
    ours.append(root, table(made(30, 31)))
    deltalake.write_deltalake(stale, table(made(31, 32)), mode="append")
    expected = made(0, 2) + made(10, 12) + made(20, 22) + made(30, 32)
    for name, rows in [("Wattlake", ours.read(root)[0]), ("Spark", writers["Spark"].versions(root, [6])[0])]:
        assert_same(table(expected), rows, ("what was written", name))


def test_two_writers_at_once_lose_and_double_nothing(writers, ours, tmp_path):
    root = tmp_path / "table"
    ours.append(root, table([]), partition=["day"])
    others = [threading.Thread(target=lambda: [writers["delta-rs"].append(root, table([row(n)])) for n in range(0, 60, 2)])]
    for thread in others:
        thread.start()
    lost = 0
    for number in range(1, 60, 2):
        while not ours.ask("append", root, rows=ours.parquet(table([row(number)]))):
            lost += 1
    for thread in others:
        thread.join()
    assert_same(table(made(0, 60)), ours.read(root)[0], ("what was written", "Wattlake"))
    assert_same(table(made(0, 60)), writers["delta-rs"].versions(root, [60])[0], ("what was written", "delta-rs"))
