import {stripVTControlCharacters} from "node:util";
import {describe, expect, it} from "vitest";
import {openDuckDB} from "../../pipelines/engines/duckdb.js";
import {watch} from "../../pipelines/engines/watch.js";
import {progressOfParts} from "../../pipelines/observe/parts.js";
import {showProgress} from "../../pipelines/observe/progress.js";

/** A stream that keeps what is shown on it, line by line as a terminal replaces them. */
function screen(isTTY: boolean, columns = 80) {
  const shown: string[] = [];
  const stream = {isTTY, columns, write: (text: string) => shown.push(stripVTControlCharacters(text).trim()) > 0};
  return {stream: stream as unknown as NodeJS.WriteStream, shown};
}

describe("showProgress", () => {
  it("shows a bar for the table that is being built, its rows and the time left", async () => {
    const {stream, shown} = screen(true);
    const {listener, clear} = showProgress(stream, true);
    const table = "silver.reading";
    await listener({kind: "table planned", table, scope: "all", reason: "not built yet", inputs: []});
    await new Promise((resolve) => setTimeout(resolve, 120));
    await listener({kind: "table progress", table, share: 0.05, rows: 1234567});
    clear();
    expect(shown[0]).toBe(`${"░".repeat(24)}   0 % silver.reading`);
    expect(shown[1]).toMatch(/^█░{23} {3}5 % silver.reading: 1,234,567 rows, \d+ s left$/);
    expect(shown[2]).toBe("");
  });

  it("cuts a line that is wider than the terminal, which would take two", async () => {
    const {stream, shown} = screen(true, 33);
    await showProgress(stream, true).listener({kind: "table progress", table: "gold.energy_day", share: 1, rows: 9});
    expect(shown[0]).toBe(`${"█".repeat(24)} 100 % g`);
  });

  const end = {kind: "table finished", reason: "not built yet", rows: 1234, seconds: 1.26} as const;

  it("is a line for each table as it ends, in a pipe", async () => {
    const {stream, shown} = screen(false);
    const {listener, clear} = showProgress(stream, true);
    await listener({kind: "table ingested", table: "bronze.eliq_daily", files: 1, rows: 365});
    await listener({kind: "table progress", table: "gold.energy_day", share: 0.5, rows: 9});
    await listener({...end, table: "gold.energy_day", outcome: "built"});
    await listener({...end, table: "gold.energy_month", outcome: "unchanged"});
    await listener({...end, table: "gold.load_profile", outcome: "failed"});
    clear();
    expect(shown).toEqual([
      "bronze.eliq_daily: 365 rows from 1 new file",
      "gold.energy_day: 1,234 rows built in 1.3 s",
      "gold.load_profile: failed in 1.3 s"
    ]);
  });

  it.each([true, false])("is nothing where it isn't wanted (a terminal: %s)", async (isTTY) => {
    const {stream, shown} = screen(isTTY);
    const {listener, clear} = showProgress(stream, false);
    await listener({kind: "table progress", table: "gold.energy_day", share: 0.5, rows: 9});
    await listener({...end, table: "gold.energy_day", outcome: "built"});
    clear();
    expect(shown).toEqual([]);
  });
});

describe("progressOfParts", () => {
  it("sums parts up, and never goes back", () => {
    const told: [number, number][] = [];
    const progress = progressOfParts(4, (share, rows) => told.push([share, rows]));
    progress(0, 0.5, 10);
    progress(1, 1, 30);
    progress(0, 0.25, 5);
    expect(told).toEqual([
      [0.125, 10],
      [0.375, 40],
      [0.375, 40]
    ]);
  });
});

describe("watch", () => {
  it("tells how far DuckDB is with a statement", async () => {
    const duckdb = await openDuckDB({threads: 1});
    await duckdb.run("CREATE TABLE number AS SELECT range AS n FROM range(1_500_000)");
    const told: number[] = [];
    const [row] = await watch(
      duckdb,
      (share) => told.push(share),
      () => duckdb.rows("SELECT count(*) AS many FROM number WHERE md5(md5(n::VARCHAR)) LIKE 'f%'")
    );
    duckdb.close();
    expect(row!.many).toBeGreaterThan(90_000n);
    expect(told.length).toBeGreaterThan(0);
    expect(told.every((share) => share > 0 && share <= 1)).toBe(true);
  });
});
