"""What a table comes to use by Spark's hand is read by us or refused by its name, and likewise written; never misread."""

import datetime
import re
import shutil

import pyarrow
import pytest

from rows import assert_same
from writers import Refused, at

SCHEMA = pyarrow.schema([("id", pyarrow.int64()), ("day", pyarrow.date32()), ("month", pyarrow.string())])
ROWS = [{"id": number, "day": datetime.date(2022, 1 + number % 2, 5), "month": f"2022-0{1 + number % 2}"} for number in range(6)]
PROPERTY = "ALTER TABLE {} SET TBLPROPERTIES ('delta.{}' = '{}')"

# What Spark does to the table, what our reader then refuses it for, and what our writer does.
FEATURES = {
    "deletion vectors allowed": ([("enableDeletionVectors", "true")], None, None),
    "deletion vectors": ([("enableDeletionVectors", "true"), "DELETE FROM {} WHERE id = 3"], "deletionVectors", None),
    "column mapping": ([("columnMapping.mode", "name"), "ALTER TABLE {} RENAME COLUMN id TO number"], "columnMapping", None),
    "type widening allowed": ([("enableTypeWidening", "true")], None, None),
    "type widening": (
        [("enableTypeWidening", "true"), "ALTER TABLE {} ALTER COLUMN id TYPE DECIMAL(20, 0)"],
        "typeWidening in column id",
        None,
    ),
    "row tracking": ([("enableRowTracking", "true")], None, "domainMetadata, rowTracking"),
    "checkpoints of the second kind": ([("checkpointPolicy", "v2")], None, "v2Checkpoint"),
    "instants in commits": ([("enableInCommitTimestamps", "true")], None, "inCommitTimestamp"),
    "clustering": (["ALTER TABLE {} CLUSTER BY (id)"], None, "clustering, domainMetadata"),
    "a constraint": (["ALTER TABLE {} ADD CONSTRAINT positive CHECK (id >= 0)"], None, "checkConstraints"),
    "a constraint that is gone": (
        ["ALTER TABLE {} ADD CONSTRAINT positive CHECK (id >= 0)", "ALTER TABLE {} DROP CONSTRAINT positive"],
        None,
        None,
    ),
    "a change data feed": ([("enableChangeDataFeed", "true"), "UPDATE {} SET id = -id WHERE id > 3"], None, "changeDataFeed"),
    "a table that only grows": ([("appendOnly", "true")], None, "appendOnly"),
}


@pytest.fixture(scope="module")
def plain(ours, tmp_path_factory):
    """A table of ours, to be copied."""
    root = tmp_path_factory.mktemp("plain") / "table"
    ours.append(root, table(ROWS))
    return root


def table(rows):
    return pyarrow.Table.from_pylist(rows, SCHEMA)


@pytest.mark.parametrize("feature", FEATURES)
def test_feature_is_read_or_refused_by_its_name(feature, plain, writers, ours, tmp_path):
    work, unread, unwritten = FEATURES[feature]
    root = tmp_path / "table"
    shutil.copytree(plain, root)
    spark = writers["Spark"]
    for done in work:
        spark.sql(done.format(at(root)) if isinstance(done, str) else PROPERTY.format(at(root), *done))
    if unread:
        with pytest.raises(Refused, match=f"^table not supported: {re.escape(str(root))} uses {unread};"):
            ours.read(root)
        with pytest.raises(Refused, match=f"uses {unread};"):
            ours.append(root, table(ROWS))
        assert_same(table(ROWS), ours.read(root, 0)[0], ("before", "Wattlake"))
        return

    [standing] = spark.versions(root, [ours.version(root)])
    assert_same(standing, ours.read(root)[0], ("Spark", "Wattlake"))
    replacing = dict(root=root, rows=ours.parquet(table(ROWS[:1])), column="day", values=["2022-01-05"])
    if unwritten:
        with pytest.raises(Refused, match=f"^table not writable: .* uses {unwritten}; turn it off there, or"):
            ours.ask("replace", **replacing)
        [after] = spark.versions(root, [ours.version(root)])
        assert_same(standing, after, ("before", "after"))
    else:
        assert ours.ask("replace", **replacing)
    if unwritten in (None, "changeDataFeed", "appendOnly"):
        ours.append(root, table(ROWS))
        [after] = spark.versions(root, [ours.version(root)])
        assert_same(after, ours.read(root)[0], ("Spark", "Wattlake"))
    if feature == "a change data feed":
        changes = spark.session.read.format("delta").option("readChangeFeed", "true").option("startingVersion", 1)
        kinds = [row["_change_type"] for row in changes.load(str(root)).collect()]
        assert sorted(kinds) == ["insert"] * 6 + ["update_postimage"] * 2 + ["update_preimage"] * 2


def test_values_that_a_table_makes_itself_are_not_written_by_us(writers, ours, tmp_path):
    for name, column in [
        ("generatedColumns", "doubled BIGINT GENERATED ALWAYS AS (id * 2)"),
        ("identityColumns", "number BIGINT GENERATED ALWAYS AS IDENTITY"),
    ]:
        root = tmp_path / name
        writers["Spark"].sql(f"CREATE TABLE {at(root)} (id BIGINT, {column}) USING delta")
        writers["Spark"].sql(f"INSERT INTO {at(root)} (id) VALUES (7)")
        assert ours.read(root)[0].column("id").to_pylist() == [7]
        with pytest.raises(Refused, match=f"uses {name};"):
            ours.append(root, table(ROWS))
