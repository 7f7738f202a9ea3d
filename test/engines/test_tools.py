"""The lines of Python in docs/tools.md do what the page says, on exports that its own commands made."""

import re
import shlex
import subprocess

import pandas
import polars
import pyarrow
import pyarrow.compute
import pytest

from rows import ROOT, assert_same, our_rows

PAGE = (ROOT / "docs" / "tools.md").read_text()


def blocks(language):
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)


@pytest.fixture(scope="module")
def desk(folder, tmp_path_factory):
    """A folder with the exports in it, and the lake under the name that it has on the page."""
    desk = tmp_path_factory.mktemp("desk")
    (desk / "lake").symlink_to(folder / "sample")
    for line in "".join(blocks("sh")).splitlines():
        command = shlex.split(line, comments=True)
        command[command.index("--to") + 1] = desk / "out"
        subprocess.run([*command, "--lake", folder / "sample"], cwd=ROOT, check=True, capture_output=True)
    return desk


@pytest.mark.parametrize("code", blocks("python"), ids=lambda code: code.splitlines()[-1])
def test_line_gives_the_days(code, desk, folder, spark, monkeypatch):
    monkeypatch.chdir(desk)
    # Spark resolves a path against the folder that its machine was started in.
    names = {"spark": spark}
    exec(code.replace('load("lake', f'load("{desk}/lake'), names)
    rows = as_arrow(names["energy_day"])
    assert pyarrow.compute.sum(pyarrow.compute.equal(rows["client_id"], "111111")).as_py() == 365
    ours = our_rows(folder / "sample", "SELECT * FROM gold.energy_day", rows.schema)
    assert_same(ours, rows, ("Wattlake", "the tool"))


def test_page_speaks_of_files_that_are_exported(desk):
    named = set(re.findall(r"\bout[/\\]([\w.]+)", PAGE))
    assert named <= {path.name for path in (desk / "out").iterdir()}
    assert named


def as_arrow(table):
    if isinstance(table, pyarrow.Table):
        return table
    if isinstance(table, pandas.DataFrame):
        return pyarrow.Table.from_pandas(table, preserve_index=False)
    if isinstance(table, polars.DataFrame):
        return table.to_arrow()
    return table.toArrow()
