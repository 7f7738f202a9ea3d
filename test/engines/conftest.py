"""What the engines work on: lakes built beforehand by scripts/engines.ts, and one Spark for all tests."""

import json
import os
import pathlib

import pyspark.sql
import pytest

from writers import DeltaRs, Ours, Spark

FOLDER = pathlib.Path(os.environ["WATTLAKE_ENGINES"])
LAKES = ("sample", "clients")


def pytest_generate_tests(metafunc):
    if "lake_table" in metafunc.fixturenames:
        tables = [(lake, table) for lake in LAKES for table in stored_tables(FOLDER / lake)]
        metafunc.parametrize("lake_table", tables, ids=[f"{lake}-{table}" for lake, table in tables])
    if "lake_model" in metafunc.fixturenames:
        models = [(lake, model) for lake in LAKES for model in portable_models()]
        metafunc.parametrize("lake_model", models, ids=[f"{lake}-{model['name']}" for lake, model in models])


def stored_tables(lake):
    """The dotted names of a lake's Delta tables, found by their logs."""
    return sorted(".".join(log.parent.relative_to(lake).parts) for log in lake.glob("*/*/_delta_log"))


def portable_models():
    return [model for model in project()["models"] if model["portable"]]


def project():
    return json.loads((FOLDER / "models.json").read_text())


@pytest.fixture(scope="session")
def folder():
    return FOLDER


@pytest.fixture(scope="session")
def spark(tmp_path_factory):
    jars = ",".join(str(jar) for jar in sorted(pathlib.Path(os.environ["WATTLAKE_JARS"]).glob("*.jar")))
    settings = {
        "spark.jars": jars,
        "spark.sql.extensions": "io.delta.sql.DeltaSparkSessionExtension",
        "spark.sql.catalog.spark_catalog": "org.apache.spark.sql.delta.catalog.DeltaCatalog",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.ansi.enabled": "true",
        "spark.sql.warehouse.dir": str(tmp_path_factory.mktemp("warehouse")),
        "spark.driver.memory": "3g",
        # This machine is all there is: no other host looks for the driver, and few tasks do.
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.sql.shuffle.partitions": "2",
        "spark.databricks.delta.snapshotPartitions": "2",
        # A vacuum of a day's work isn't mistaken for one of a week's, and lists a few folders in a few tasks.
        "spark.databricks.delta.retentionDurationCheck.enabled": "false",
        "spark.sql.sources.parallelPartitionDiscovery.parallelism": "2",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.log.level": "ERROR",
    }
    builder = pyspark.sql.SparkSession.builder.master("local[2]")
    for name, value in settings.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    yield session
    session.stop()


@pytest.fixture(scope="session")
def ours(tmp_path_factory):
    ours = Ours(tmp_path_factory.mktemp("rows"))
    yield ours
    ours.close()


@pytest.fixture(scope="session")
def writers(spark, ours):
    """Those who write to our tables, and read what we make of theirs."""
    return {"Spark": Spark(spark, ours), "delta-rs": DeltaRs(ours)}


@pytest.fixture(scope="session")
def spark_lake(spark, folder):
    """Makes the dotted names mean one lake's tables in Spark; asked again for the same lake, it does nothing."""
    current = None

    def use(lake):
        nonlocal current
        if lake == current:
            return
        for schema in {table.split(".")[0] for name in LAKES for table in stored_tables(folder / name)}:
            spark.sql(f"DROP SCHEMA IF EXISTS {schema} CASCADE")
            spark.sql(f"CREATE SCHEMA {schema}")
        for table in stored_tables(folder / lake):
            location = folder.joinpath(lake, *table.split("."))
            spark.sql(f"CREATE TABLE {table} USING delta LOCATION '{location}'")
        for function in project()["functions"]:
            spark.sql(function)
        # A view that is kept can't call functions of a session: what it shows is written down.
        for model in project()["models"]:
            if not model["stored"]:
                spark.sql(model["sql"]).write.saveAsTable(model["name"], format="parquet")
        current = lake

    return use
