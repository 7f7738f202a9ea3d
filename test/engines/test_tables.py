"""Every table of a lake is the same, row for row and type for type, to Spark, to delta-rs and to us."""

import json

import deltalake
import pytest

from conftest import LAKES, project, stored_tables
from rows import assert_same, our_json


@pytest.mark.parametrize("lake", LAKES)
def test_every_listed_table_is_a_delta_table_or_a_view(lake, folder):
    listed = {row["table"] for row in our_json("tables", lake=folder / lake)}
    views = {model["name"] for model in project()["models"] if not model["stored"]}
    assert listed == {*stored_tables(folder / lake), *views}


def test_spark_and_delta_rs_read_what_we_read(lake_table, folder, spark, ours):
    lake, table = lake_table
    location = folder.joinpath(lake, *table.split("."))
    theirs = spark.read.format("delta").load(str(location))
    rust = deltalake.DeltaTable(location)
    assert json.loads(theirs.schema.json()) == json.loads(rust.schema().to_json())

    spark_rows = theirs.toArrow()
    assert_same(spark_rows, rust.to_pyarrow_table(), ("Spark", "delta-rs"))
    assert_same(ours.read(location)[0], spark_rows, ("Wattlake", "Spark"))


def test_spark_and_delta_rs_agree_on_every_version(lake_table, folder, spark):
    lake, table = lake_table
    location = folder.joinpath(lake, *table.split("."))
    newest = deltalake.DeltaTable(location).version()
    for version in range(newest):
        rust = deltalake.DeltaTable(location, version=version)
        theirs = spark.read.format("delta").option("versionAsOf", version).load(str(location))
        assert_same(theirs.toArrow(), rust.to_pyarrow_table(), ("Spark", "delta-rs"))
