"""The portable models give the same rows on Spark as on DuckDB, which made the tables."""

from rows import assert_same, our_rows


def test_spark_gives_the_rows_of_the_table(lake_model, folder, spark, spark_lake):
    lake, model = lake_model
    spark_lake(lake)
    theirs = spark.sql(model["sql"])
    rows = theirs.toArrow()
    if model["stored"]:
        table = spark.table(model["name"])
        assert types(theirs) == types(table)
        ours = table.toArrow()
    else:
        ours = our_rows(folder / lake, f"SELECT * FROM {model['name']}", rows.schema)
    assert_same(ours, rows, ("DuckDB", "Spark"))


def types(frame):
    return [(field.name, field.dataType.simpleString()) for field in frame.schema]
