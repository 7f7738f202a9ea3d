"""Three writers of Delta tables with the same verbs: Spark, delta-rs and, from TypeScript, ourselves."""

import json
import subprocess
import uuid

import deltalake
import pyarrow
import pyarrow.parquet

from rows import ROOT


class Refused(Exception):
    """A sentence of ours that says why something isn't done."""


class Ours:
    """Our own reader and writer, in a process of its own for all tests."""

    def __init__(self, folder):
        self.folder = folder
        self.process = subprocess.Popen(
            ["node", "--import", "tsx", "test/engines/hand.ts"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def ask(self, do, root, **request):
        print(json.dumps({"do": do, "root": str(root), **request}), file=self.process.stdin, flush=True)
        answer = json.loads(self.process.stdout.readline())
        if "error" in answer:
            raise Refused(answer["error"])
        return answer.get("done")

    def parquet(self, rows):
        """A file of rows, for whoever is to write them."""
        path = self.folder / f"{uuid.uuid4()}.parquet"
        pyarrow.parquet.write_table(rows, path)
        return str(path)

    def append(self, root, rows, **request):
        assert self.ask("append", root, rows=self.parquet(rows), **request)

    def read(self, root, version=None):
        """The rows of a version, the newest by default, and what else its snapshot tells."""
        path = str(self.folder / f"{uuid.uuid4()}.parquet")
        told = self.ask("read", root, rows=path, **({} if version is None else {"version": version}))
        return pyarrow.parquet.read_table(path), told

    def version(self, root):
        return self.read(root)[1]["version"]

    def close(self):
        self.process.stdin.close()
        self.process.wait()


class Spark:
    name = "Spark"

    def __init__(self, session, ours):
        self.session = session
        self.ours = ours

    def sql(self, statement):
        return self.session.sql(statement).collect()

    def append(self, root, rows):
        self.sql(f"INSERT INTO {at(root)} BY NAME SELECT * FROM parquet.`{self.ours.parquet(rows)}`")

    def delete(self, root, predicate):
        self.sql(f"DELETE FROM {at(root)} WHERE {predicate}")

    def update(self, root, column, expression, predicate):
        self.sql(f"UPDATE {at(root)} SET {column} = {expression} WHERE {predicate}")

    def merge(self, root, rows):
        self.sql(
            f"MERGE INTO {at(root)} AS old USING (SELECT * FROM parquet.`{self.ours.parquet(rows)}`) AS new "
            "ON old.id = new.id WHEN MATCHED THEN UPDATE SET * WHEN NOT MATCHED THEN INSERT *"
        )

    def compact(self, root):
        self.sql(f"OPTIMIZE {at(root)}")

    def z_order(self, root, column):
        self.sql(f"OPTIMIZE {at(root)} ZORDER BY ({column})")

    def checkpoint(self, root):
        self.log(root).checkpoint()

    def vacuum(self, root):
        self.sql(f"VACUUM {at(root)} RETAIN 0 HOURS")

    def log(self, root):
        return self.session._jvm.org.apache.spark.sql.delta.DeltaLog.forTable(self.session._jsparkSession, str(root))

    def versions(self, root, versions):
        """The rows of each of the versions."""
        # Whoever begins to read a table finds its log as it lies there, and nothing remembered.
        self.session._jvm.org.apache.spark.sql.delta.DeltaLog.clearCache()
        reader = self.session.read.format("delta")
        return [reader.option("versionAsOf", version).load(str(root)).toArrow() for version in versions]


class DeltaRs:
    name = "delta-rs"

    def __init__(self, ours):
        self.ours = ours

    def append(self, root, rows):
        deltalake.write_deltalake(root, rows, mode="append")

    def delete(self, root, predicate):
        deltalake.DeltaTable(root).delete(predicate)

    def update(self, root, column, expression, predicate):
        deltalake.DeltaTable(root).update({column: expression}, predicate=predicate)

    def merge(self, root, rows):
        (
            deltalake.DeltaTable(root)
            .merge(rows, "old.id = new.id", source_alias="new", target_alias="old")
            .when_matched_update_all()
            .when_not_matched_insert_all()
            .execute()
        )

    def compact(self, root):
        deltalake.DeltaTable(root).optimize.compact()

    def z_order(self, root, column):
        deltalake.DeltaTable(root).optimize.z_order([column])

    def checkpoint(self, root):
        deltalake.DeltaTable(root).create_checkpoint()

    def vacuum(self, root):
        deltalake.DeltaTable(root).vacuum(0, dry_run=False, enforce_retention_duration=False)

    def versions(self, root, versions):
        return [deltalake.DeltaTable(root, version=version).to_pyarrow_table() for version in versions]


def at(root):
    return f"delta.`{root}`"
