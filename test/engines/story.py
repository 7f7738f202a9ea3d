"""What a table must be at each of its versions, told beside what is done to it."""

import pyarrow

from rows import assert_same


class Story:
    """A table, and what it must be at each of its versions."""

    def __init__(self, root, ours, schema):
        self.root = root
        self.ours = ours
        self.schema = schema
        self.rows = []
        self.told = []

    def tell(self, rows=None):
        """Something was done to the table: what is it now? Only its layout has changed, if nothing is said."""
        self.rows = self.rows if rows is None else list(rows)
        assert self.ours.version(self.root) == len(self.told), "not one commit"
        self.told.append(self.rows)

    def at(self, version):
        return pyarrow.Table.from_pylist(self.told[version], self.schema)

    def check(self, *readers, versions=None):
        """Everybody reads every version as it was told, or the versions given."""
        versions = range(len(self.told)) if versions is None else versions
        for version in versions:
            found, told = self.ours.read(self.root, version)
            assert found.schema == self.schema
            assert_same(self.at(version), found, (f"version {version}", "Wattlake"))
            assert sum(told["counts"]) == len(self.told[version])
        for reader in readers:
            for version, found in zip(versions, reader.versions(self.root, versions)):
                assert_same(self.at(version), found, (f"version {version}", reader.name))
