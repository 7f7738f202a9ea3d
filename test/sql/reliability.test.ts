import {cp, readFile} from "node:fs/promises";
import {join} from "node:path";
import {gunzipSync} from "node:zlib";
import {DateTime} from "luxon";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import type {RunResult} from "../../pipelines/pipeline.js";
import {sources} from "../../pipelines/sources/sources.js";
import {type TestLake, testLake} from "../support/lake.js";
import {modelsOf} from "../support/models_of.js";

// The real files, read by hand and compared with plain loops on luxon's calendar.

const taken = sources.filter(({folder}) => /^(outages|reliability)/.test(folder));
let lake: TestLake;
let result: RunResult;
let outages: readonly Readonly<Record<string, string>>[];

beforeAll(async () => {
  lake = await testLake(modelsOf("reliability_state", "reliability_utility", "outage_event"));
  for (const {folder} of taken)
    await cp(join("lake/landing", folder), join(lake.folder, "landing", folder), {recursive: true});
  result = await lake.run({sources: taken});
  const text = gunzipSync(await readFile("lake/landing/outages/outage_data.csv.gz")).toString("utf8");
  const [header, , ...rows] = text.trim().split(/\r?\n/).slice(5).map(fieldsOf);
  outages = rows.map((row) => Object.fromEntries(header!.map((name, index) => [name, row[index]!])));
});
afterAll(() => lake.remove());

function fieldsOf(line: string): string[] {
  return line.split(/,(?=(?:[^"]*"[^"]*")*[^"]*$)/).map((field) => field.replace(/^"(.*)"$/, "$1"));
}

const format = "EEEE, MMMM d, yyyy h:mm:ss a";

async function elapsedOf(): Promise<Map<string, number | null>> {
  const zones = new Map((await lake.query("SELECT postal_code, tz FROM silver.state_zone")) as [string, string][]);
  return new Map(
    outages.map((event) => {
      const [start, end] = ["START", "RESTORATION"].map((which) => {
        const text = `${event[`OUTAGE.${which}.DATE`]} ${event[`OUTAGE.${which}.TIME`]}`;
        const at = DateTime.fromFormat(text, format, {zone: zones.get(event["POSTAL.CODE"]!)!});
        // Of two instants that the clock shows alike, the first.
        const before = at.minus({hours: 1});
        return before.toFormat(format) === at.toFormat(format) ? before : at;
      });
      return [event.OBS!, start!.isValid && end!.isValid ? end!.diff(start!, "minutes").minutes : null];
    })
  );
}

describe("outages", () => {
  it("last as long as real time says, by the clock of their state", async () => {
    const rows = await lake.query(
      "SELECT CAST(event_id AS VARCHAR), CAST(elapsed_minutes AS INTEGER) FROM silver.outage"
    );
    expect(rows.length).toBe(1534);
    expect(new Map(rows as [string, number | null][])).toEqual(await elapsedOf());
  });

  it("are listed, with a warning, where what is published is another duration: six of 1,476", async () => {
    const [[both]] = (await lake.query(
      "SELECT count(*) FROM silver.outage WHERE elapsed_minutes IS NOT NULL AND published_minutes IS NOT NULL"
    )) as [[string]];
    expect(both).toBe("1476");
    const rows = await lake.query("SELECT CAST(event_id AS INTEGER) FROM quality.outage_duration ORDER BY 1");
    expect(rows.flat()).toEqual([81, 113, 149, 708, 1058, 1182]);
    const ambiguous = await lake.query("SELECT CAST(event_id AS INTEGER) FROM silver.outage WHERE is_ambiguous");
    expect(ambiguous).toEqual([[1182]]);
    const warnings = result.tables.flatMap(({failures}) => failures.map(({table, violations}) => [table, violations]));
    expect(warnings).toEqual([["quality.outage_duration", 6]]);
  });

  it("add up by state and year to customers, customer-minutes and indices", async () => {
    const elapsed = await elapsedOf();
    const years = new Map<string, {customers: number; minutes: number; timed: number; served: number}>();
    for (const event of outages) {
      const key = `${event["U.S._STATE"]} ${event.YEAR}`;
      const year = years.get(key) ?? {customers: 0, minutes: 0, timed: 0, served: 0};
      const customers = Number(event["CUSTOMERS.AFFECTED"]);
      const minutes = elapsed.get(event.OBS!) ?? null;
      if (!Number.isNaN(customers)) year.customers += customers;
      if (!Number.isNaN(customers) && minutes !== null) {
        year.minutes += customers * minutes;
        year.timed += customers;
      }
      year.served = Math.max(year.served, Number(event["TOTAL.CUSTOMERS"]));
      years.set(key, year);
    }
    const rows = await lake.query(
      `SELECT state || ' ' || year, coalesce(customers_affected, 0), coalesce(customer_minutes, 0), saidi_minutes, saifi, caidi_minutes
       FROM gold.reliability_year`
    );
    expect(rows.length).toBe(years.size);
    for (const [key, customers, minutes, saidi, saifi, caidi] of rows) {
      const year = years.get(key as string)!;
      expect([Number(customers), Number(minutes)]).toEqual([year.customers, year.minutes]);
      if (saidi !== null) expect(Number(saidi)).toBeCloseTo(year.minutes / year.served, 5);
      if (saifi !== null) expect(Number(saifi)).toBeCloseTo(year.customers / year.served, 5);
      if (caidi !== null) expect(Number(caidi)).toBeCloseTo(year.minutes / year.timed, 5);
    }
    const byMonth = await lake.query("SELECT sum(customers_affected), sum(events) FROM gold.reliability_month");
    const started = outages.filter((event) => event["OUTAGE.START.DATE"] !== "NA");
    expect(byMonth[0]!.map(Number)).toEqual([
      started.reduce((total, event) => total + (Number(event["CUSTOMERS.AFFECTED"]) || 0), 0),
      started.length
    ]);
  });
});

describe("published reliability", () => {
  it("has CAIDI = SAIDI / SAIFI wherever all three are published, and says what of it there is", async () => {
    const rows = await lake.query(
      "SELECT basis, count(caidi_minutes), count(*) FROM silver.reliability WHERE level = 'state' GROUP BY basis ORDER BY basis"
    );
    expect(rows).toEqual([
      ["all events", "557", "561"],
      ["loss of supply removed", "554", "561"],
      ["without major event days", "556", "561"]
    ]);
    const maine = await lake.query(
      "SELECT saidi_minutes FROM silver.reliability WHERE area = 'Maine' AND year = 2023 ORDER BY basis"
    );
    expect(maine.flat()).toEqual(["1863.000000", "1781.400000", "247.400000"]);
  });

  it("is of utilities too, as far as they report", async () => {
    const rows = await lake.query(
      "SELECT basis, count(*), count(saidi_minutes), count(customers) FROM silver.reliability WHERE level = 'utility' GROUP BY basis ORDER BY basis"
    );
    expect(rows).toEqual([
      ["all events", "72", "58", "72"],
      ["without major event days", "72", "58", "72"]
    ]);
  });
});
