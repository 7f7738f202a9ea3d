"""Rows as every engine must give them: as Arrow, in one order, exact."""

import collections
import decimal
import json
import pathlib
import subprocess

import pyarrow
import pyarrow.compute

ROOT = pathlib.Path(__file__).parents[2]


def our_json(*command, lake):
    """What a command of `lake` prints as JSON, of each table's newest version."""
    line = ["npm", "run", "-s", "lake", "--", *command, "--format", "json", "--lake", lake, "--as-of", "latest"]
    printed = subprocess.run(line, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout
    return json.loads(printed, parse_float=decimal.Decimal)


def our_rows(lake, sql, schema):
    """What our own query gives, as a table of the given schema."""
    rows = our_json("query", sql, lake=lake)
    if rows:
        assert list(rows[0]) == schema.names
    return pyarrow.table([column([row[field.name] for row in rows], field.type) for field in schema], schema)


def column(values, type):
    """A column of JSON: numbers exact, dates and instants as texts of ISO 8601, these in UTC."""
    if pyarrow.types.is_timestamp(type):
        assert all(value is None or value.endswith("Z") for value in values)
    if pyarrow.types.is_temporal(type):
        return pyarrow.array(values, pyarrow.string()).cast(type)
    if pyarrow.types.is_decimal(type):
        # A whole number comes without a point, as an int.
        values = [None if value is None else decimal.Decimal(value) for value in values]
    return pyarrow.array(values, type)


def in_order(table):
    """The rows sorted by every column; lists, which can't be sorted by, by their text."""
    keys = {}
    for number, field in enumerate(table.schema):
        values = table.column(number).combine_chunks()
        nested = pyarrow.types.is_nested(field.type)
        keys[str(number)] = pyarrow.array([repr(value) for value in values.to_pylist()]) if nested else values
    order = pyarrow.compute.sort_indices(pyarrow.table(keys), sort_keys=[(key, "ascending") for key in keys])
    return table.take(order).combine_chunks()


def assert_same(ours, theirs, names):
    """Fails, with rows of either side that the other lacks, unless both have the same rows in any order."""
    theirs = theirs.cast(ours.schema)
    if in_order(ours).equals(in_order(theirs)):
        return
    counts = [collections.Counter(map(repr, table.to_pylist())) for table in (ours, theirs)]
    only = [list((counts[side] - counts[1 - side]).elements()) for side in (0, 1)]
    lines = [f"{names[side]} alone has {len(only[side])} of {counts[side].total()} rows" for side in (0, 1)]
    samples = [row for side in (0, 1) for row in only[side][:2]]
    raise AssertionError("\n".join(lines + samples))
