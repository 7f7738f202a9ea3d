"""Writes what each Delta table in test/golden/delta-tables must read as, by delta-rs and never by our own reader.

    python3 -m venv .venv/golden && .venv/golden/bin/pip install deltalake==1.6.6 pyarrow==26.0.1
    .venv/golden/bin/python scripts/golden_delta.py

Beside each table goes an expected.json: for each version that can be read, its rows (in any order), or its files where
the data is not in the folder, or the features it has in use that a reader may refuse it for. Values are written as
DuckDB writes them as JSON: BIGINT and DECIMAL as text, instants in UTC.
"""

import json
import os
from datetime import datetime, timedelta
from pathlib import Path

import pyarrow as pa
from deltalake import DeltaTable, QueryBuilder
from deltalake.exceptions import DeltaError

TABLES = Path(__file__).parent.parent / "test" / "golden" / "delta-tables"
# delta-rs reads the year 9999 here as 1816: its nanoseconds overflow. Each file has one row, which Spark's own
# statistics in the log tell whole, so they say what is right.
BY_STATISTICS = {"table_with_edge_timestamps"}
VARIANTS = {"variantType", "variantType-preview", "variantShredding-preview"}


def main():
    for root in sorted(path for path in TABLES.iterdir() if path.is_dir()):
        (root / "expected.json").write_text(expected(root))


def expected(root):
    """The table's expectations, a line a version and a line a row."""
    try:
        latest = DeltaTable(root).version()
    except DeltaError as error:
        return json.dumps({"invalid": str(error)}, indent=2) + "\n"
    versions = []
    for version in range(latest + 1):
        try:
            table = DeltaTable(root, version=version)
        except DeltaError:
            continue
        versions.append(f'"{version}": {of_version(root, table)}')
    return '{"versions": {\n' + ",\n".join(versions) + "\n}}\n"


def of_version(root, table):
    features = features_in_use(table)
    if features:
        return json.dumps({"refused": features})
    prefix = f"{root}{os.sep}"
    files = sorted(uri.removeprefix("file://").removeprefix(prefix) for uri in table.file_uris())
    if not all((root / file).exists() for file in files):
        return json.dumps({"files": files}, ensure_ascii=False)
    rows = by_statistics(table) if root.name in BY_STATISTICS else by_query(table)
    columns = json.dumps(rows.column_names, ensure_ascii=False)
    lines = sorted(json.dumps(row, ensure_ascii=False) for row in rows_of(rows))
    body = ",\n  ".join(lines)
    return f'{{"columns": {columns}, "rows": [{body and chr(10) + "  " + body}]}}'


def by_query(table):
    return pa.table(QueryBuilder().register("t", table).execute("SELECT * FROM t"))


def by_statistics(table):
    files = pa.table(table.get_add_actions(flatten=True))
    names = [field.name for field in table.schema().fields]
    assert set(files["num_records"].to_pylist()) == {1}
    assert all(files[f"min.{name}"] == files[f"max.{name}"] for name in names)
    return files.select([f"min.{name}" for name in names]).rename_columns(names)


def features_in_use(table):
    features = sorted(VARIANTS & set(table.protocol().reader_features or []))
    if features:
        return features
    if table.metadata().configuration.get("delta.columnMapping.mode", "none") != "none":
        features.append("columnMapping")
    if pa.table(table.deletion_vectors()).num_rows:
        features.append("deletionVectors")
    return features


def rows_of(table):
    columns = [[cell(value, column.type) for value in column] for column in table.columns]
    return [list(row) for row in zip(*columns)]


def cell(scalar, type):
    if not scalar.is_valid:
        return None
    if pa.types.is_int64(type) or pa.types.is_decimal(type):
        return str(scalar.as_py())
    if pa.types.is_timestamp(type):
        at = datetime(1970, 1, 1) + timedelta(microseconds=scalar.cast(pa.timestamp("us", type.tz)).value)
        text = at.isoformat(" ")
        return (text.rstrip("0") if at.microsecond else text) + ("+00" if type.tz else "")
    if pa.types.is_date(type):
        return scalar.as_py().isoformat()
    if pa.types.is_binary(type) or pa.types.is_binary_view(type) or pa.types.is_large_binary(type):
        plain = lambda byte: 32 <= byte < 127 and byte not in b"\\'\""
        return "".join(chr(byte) if plain(byte) else f"\\x{byte:02X}" for byte in scalar.as_py())
    if pa.types.is_struct(type):
        return {field.name: cell(scalar[field.name], field.type) for field in type}
    if pa.types.is_map(type):
        return [{"key": cell(item["key"], type.key_type), "value": cell(item["value"], type.item_type)} for item in scalar.values]
    if pa.types.is_list(type) or pa.types.is_large_list(type) or pa.types.is_list_view(type):
        return [cell(item, type.value_type) for item in scalar.values]
    return scalar.as_py()


if __name__ == "__main__":
    main()
