"""Rows as every engine must give them: as Arrow, in one order, exact."""

import collections
import decimal
import json
import pathlib
import subprocess

import pyarrow
import pyarrow.compute

ROOT = pathlib.Path(__file__).parents[2]


def our_rows(lake, sql, schema):
    """What `lake query --format json` prints, as a table of the given schema."""
    command = ["npm", "run", "-s", "lake", "--", "query", sql, "--format", "json", "--lake", lake, "--as-of", "latest"]
    printed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    rows = json.loads(printed, parse_float=decimal.Decimal)
    if rows:
        assert list(rows[0]) == schema.names
    return pyarrow.table([column([row[field.name] for row in rows], field.type) for field in schema], schema)


def column(values, type):
    """A column of JSON: decimals and big integers may be texts, instants and dates are texts of ISO 8601."""
    if pyarrow.types.is_timestamp(type):
        assert all(value is None or value.endswith("Z") for value in values)
        return pyarrow.array(values, pyarrow.string()).cast(type)
    if pyarrow.types.is_date(type):
        return pyarrow.array(values, pyarrow.string()).cast(type)
    if pyarrow.types.is_decimal(type):
        return pyarrow.array([None if value is None else decimal.Decimal(value) for value in values], type)
    if pyarrow.types.is_integer(type):
        return pyarrow.array([None if value is None else int(value) for value in values], type)
    if pyarrow.types.is_list(type):
        return pyarrow.array([value and [item if item is None else int(item) for item in value] for value in values], type)
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
