"""What others do in a lake, the next run finds: their rows in what is taken in, and their hand in what models make."""

import re
import shutil

import deltalake
import pyarrow
import pyarrow.compute

from rows import assert_same


def test_a_run_keeps_what_others_add_to_bronze_and_undoes_what_they_do_to_silver(folder, writers, ours, tmp_path):
    lake = tmp_path / "lake"
    shutil.copytree(folder / "sample", lake)
    bronze, silver = lake / "bronze" / "eliq_daily", lake / "silver" / "reading"
    before = ours.read(silver)[0]
    days = deltalake.DeltaTable(bronze).to_pyarrow_table()
    [day] = days.filter(pyarrow.compute.equal(days["date"], pyarrow.scalar("2022-05-01").cast(pyarrow.date32()))).to_pylist()
    added = day | {"ext_dev_ref": "added", "arrival": 0, "file": "by delta-rs", "sha256": "none"}
    writers["delta-rs"].append(bronze, pyarrow.Table.from_pylist([added], days.schema))
    writers["Spark"].delete(silver, "local_date = DATE'2022-10-30' AND local_hour < 5")
    writers["delta-rs"].z_order(lake / "gold" / "energy_day", "local_date")
    assert ours.read(silver)[0].num_rows < before.num_rows

    told = ours.ask("run", lake, landing=str(folder / "landing"))
    assert told["complete"]
    assert told["scopes"]["silver.reading"] == ["2022-05-01", "2022-10-30"]
    assert told["scopes"]["gold.energy_day"] == ["2022-05-01"]
    [warning] = told["warnings"]
    assert re.fullmatch(
        r"table changed by Apache-Spark/\S+ Delta-Lake/\S+ \(DELETE\): silver.reading; "
        "its model makes it, so those rows are built anew",
        warning,
    )
    after, snapshot = ours.read(silver)
    is_added = pyarrow.compute.equal(after["meter_id"], "added")
    assert after.filter(is_added).num_rows == 24
    assert_same(before, after.filter(pyarrow.compute.invert(is_added)), ("before", "after"))
    for writer in writers.values():
        [theirs] = writer.versions(silver, [snapshot["version"]])
        assert_same(after, theirs, ("Wattlake", writer.name))
    assert ours.ask("run", lake, landing=str(folder / "landing"))["scopes"] == {}
