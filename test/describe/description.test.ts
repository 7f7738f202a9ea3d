import {readFile} from "node:fs/promises";
import {beforeAll, describe, expect, it} from "vitest";
import {described, describeTables, type TableDescription} from "../../pipelines/describe/description.js";
import {tablesDocument} from "../../pipelines/describe/document.js";
import {unitOf} from "../../pipelines/describe/unit.js";
import {openDuckDB} from "../../pipelines/engines/duckdb.js";
import {openProject} from "../../pipelines/models/project.js";
import {describeText} from "../../pipelines/observe/describe_report.js";
import {forStream} from "../../pipelines/observe/terminal.js";

let tables: readonly TableDescription[];
beforeAll(async () => {
  const database = await openDuckDB({threads: 1});
  tables = await describeTables(database, await openProject(database));
  database.close();
});

describe("describeTables", () => {
  it("tells what a table is: columns, units, key, checks, and both ways of its lineage", () => {
    const reading = described(tables, "silver.reading");
    expect(reading).toMatchObject({
      kind: "table",
      key: ["client_id", "meter_id", "fuel", "channel", "interval_start", "interval_minutes"],
      partition: [],
      increment: "local_date",
      file: "sql/silver/reading.sql"
    });
    expect(reading.made_from).toContain("silver.slot");
    expect(reading.checks.map(({name, severity}) => [name, severity])).toEqual([
      ["key_not_null", "error"],
      ["key", "error"],
      ["non_negative", "error"]
    ]);
    const energy = reading.columns.find(({name}) => name === "energy_kwh")!;
    expect(energy).toMatchObject({type: "DECIMAL(18,6)", unit: "kWh"});
    expect(energy.from).toContainEqual({
      table: "silver.interval_fate",
      column: "energy_micro_kwh",
      uses: ["transformation"]
    });
    expect(energy.into).toContainEqual({table: "gold.energy_day", column: "energy_kwh", uses: ["aggregation"]});
    const date = reading.columns.find(({name}) => name === "local_date")!;
    expect(date.decides).toContainEqual({table: "gold.energy_day", uses: ["join", "group_by", "filter"]});
  });

  it("tells of views, of what the program writes, and what Bronze takes in", () => {
    expect(described(tables, "silver.agreement_snapshot").kind).toBe("view");
    expect(described(tables, "ops.run")).toMatchObject({kind: "written by the program", made_from: [], checks: []});
    const landed = described(tables, "bronze.eliq_daily").columns.find(({name}) => name === "energy_consumption");
    expect(landed).toMatchObject({
      type: "BIGINT[]",
      from: [{table: "landing", column: "energy_consumption", uses: ["identity"]}]
    });
  });

  it("says both sides of every use alike", () => {
    const from = tables.flatMap(({table, columns}) =>
      columns.flatMap(({name, from}) =>
        from.map((used) => [used.table, used.column, table, name, `${used.uses}`].join(" "))
      )
    );
    const into = tables.flatMap(({table, columns}) =>
      columns.flatMap(({name, into}) =>
        into.map((used) => [table, name, used.table, used.column, `${used.uses}`].join(" "))
      )
    );
    expect(into.sort()).toEqual(from.filter((use) => !use.startsWith("landing ")).sort());
  });

  it("names the nearest tables where there is none of a name", () => {
    expect(() => described(tables, "gold.energy_dya")).toThrow(
      "table not found: gold.energy_dya; did you mean gold.energy_day, gold.energy_hour, gold.energy_month?"
    );
    expect(() => described(tables, "nowhere")).toThrow("table not found: nowhere; there are bronze.");
  });
});

describe("describeText", () => {
  it("shows a table within the width of a page", () => {
    const text = forStream(describeText(described(tables, "gold.energy_day")));
    expect(text).toMatch(/^gold\.energy_day: table\nOne row a meter/);
    expect(text).toMatch(/^ {2}energy_kwh +DECIMAL\(18,6\) +kWh$/m);
    expect(text).toMatch(/^ {2}peak_kw +<- silver\.reading: energy_kwh, interval_minutes \(aggregation\);/m);
    expect(text).toMatch(/^ {2}energy_kwh +-> gold\.energy_month: energy_kwh, load_factor \(aggregation\);/m);
    for (const table of tables) {
      const longest = Math.max(
        ...forStream(describeText(table))
          .split("\n")
          .map(({length}) => length)
      );
      expect(longest, table.table).toBeLessThanOrEqual(120);
    }
  });
});

describe("unitOf", () => {
  it.each([
    ["energy_kwh", "DECIMAL(18,6)", "kWh"],
    ["energy_micro_kwh", "BIGINT[]", "micro-kWh"],
    ["max_kwh_per_hour", "DECIMAL(18,6)", "kWh per hour"],
    ["mean_power_w", "DECIMAL(18,3)", "W"],
    ["indoor_c", "DECIMAL(9,2)", "°C"],
    ["humidity_percent", "DECIMAL(9,2)", "%"],
    ["res_min", "INTEGER", "min"],
    ["energy_wh_total", "BIGINT", "Wh"],
    ["current_a", "DECIMAL(9,3)", "A"],
    ["half_hours", "BIGINT", undefined],
    ["uncovered_half_hours", "BIGINT", undefined],
    ["hours", "BIGINT", undefined],
    ["local_date", "DATE", undefined],
    ["raw_kwh", "VARCHAR", undefined]
  ])("of %s %s is %s", (name, type, unit) => {
    expect(unitOf({name, type})).toBe(unit);
  });
});

describe("docs/tables.md", () => {
  it("holds what the models say", async () => {
    const text = (await readFile("docs/tables.md", "utf8")).replaceAll("\r\n", "\n");
    expect(text === tablesDocument(tables), "docs/tables.md is stale: npm run tables renews it").toBe(true);
  });

  it("draws every table and every arrow between them", () => {
    const text = tablesDocument(tables);
    for (const {table, made_into} of tables) {
      expect(text).toMatch(new RegExp(`^    ${table.replace(".", "_")}[[(]`, "m"));
      for (const other of made_into)
        expect(text).toContain(`  ${table.replace(".", "_")} --> ${other.replace(".", "_")}\n`);
    }
  });
});
