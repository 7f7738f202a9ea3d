import {mkdir, writeFile} from "node:fs/promises";
import {dirname, join} from "node:path";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import type {RunResult} from "../../pipelines/pipeline.js";
import {type Answers, answersOf} from "../../scripts/generate/smart_meter/answers.js";
import {makeSupply, type ReadingFile, type Snapshot, type Supply} from "../../scripts/generate/smart_meter/supply.js";
import {writeSnapshot} from "../../scripts/generate/smart_meter.js";
import {type TestLake, testLake} from "../support/lake.js";
import {modelsOf} from "../support/models_of.js";

// Ten days up to the change of the clock in spring and some around that of autumn, of every kind of meter point twice.
const whole = makeSupply({meters: 20, start: "2021-03-19", days: 10, dst: true, seed: 7});
// What comes a day later: the readings of the last day.
const cut = "2021-11-01 00:00:00";
const early = {...whole, files: () => part(whole, (start) => start < cut)};
const late = {...whole, files: () => part(whole, (start) => start >= cut, ".late")};

let lake: TestLake;
let first: RunResult;
beforeAll(async () => {
  lake = await testLake(
    modelsOf(
      "eliq_daily",
      "interval_row",
      "smart_meter_reading",
      "smart_meter_agreement",
      "smart_meter_product",
      "smart_meter_point"
    )
  );
  await land(early);
  first = await lake.run();
});
afterAll(() => lake.remove());

async function land({files, snapshots}: Supply): Promise<void> {
  for (const {path, rows} of files()) {
    const file = join(lake.folder, "landing", "smart-meter", path);
    await mkdir(dirname(file), {recursive: true});
    await writeFile(
      file,
      JSON.stringify({columns: ["interval_start", "consumption_delta", "meterpoint_id"], data: rows})
    );
  }
  for (const snapshot of snapshots) await landSnapshot(snapshot);
}

const landSnapshot = (snapshot: Snapshot) =>
  writeSnapshot(snapshot, join(lake.folder, "landing", "smart-meter", snapshot.path));

function* part(supply: Supply, holds: (start: string) => boolean, suffix = ""): Generator<ReadingFile> {
  for (const {path, rows} of supply.files()) {
    const some = rows.filter(([start]) => holds(start));
    if (some.length > 0) yield {path: path.replace(/\.json$/, `${suffix}.json`), rows: some};
  }
}

const instant = "strftime(interval_start, '%Y-%m-%dT%H:%M:%SZ')";
const queries: Readonly<Record<keyof Answers, string>> = {
  active_agreements: "SELECT * FROM gold.active_agreements ORDER BY meterpoint_id",
  total_consumption_half_hour: `SELECT ${instant}, total_kwh, meterpoint_count FROM gold.total_consumption_half_hour ORDER BY 1`,
  consumption_per_product_per_day:
    "SELECT local_date, product, total_kwh, meterpoint_count FROM gold.consumption_per_product_per_day ORDER BY 1, 2",
  aggregate_per_half_hour: `SELECT * REPLACE (${instant} AS interval_start) FROM gold.aggregate_per_half_hour ORDER BY 1`,
  avg_half_hour_by_product: `SELECT ${instant}, product, avg_kwh, meterpoint_count FROM gold.avg_half_hour_by_product ORDER BY 1, 2`
};

async function expectAnswers(supply: Supply, asOf?: string): Promise<void> {
  for (const [table, rows] of Object.entries(answersOf(supply, asOf))) {
    const expected = rows.map((row: object) =>
      Object.values(row).map((value) => (typeof value === "number" ? String(value) : value))
    );
    expect(expected.length).toBeGreaterThan(10);
    expect(await lake.query(queries[table as keyof Answers]), table).toEqual(expected);
  }
}

const scopes = ({tables}: RunResult) =>
  Object.fromEntries(
    tables
      .filter(({outcome}) => outcome !== "unchanged")
      .map(({table, outcome, scope}) => [table, `${outcome} ${scope}`])
  );

describe("the five tables of smart meters", () => {
  it("are what an independent computation gives, on days of 46, 48 and 50 half hours", async () => {
    expect(first.complete).toBe(true);
    await expectAnswers(early);
    const days = await lake.query(
      "SELECT DISTINCT local_date, count(*) FROM gold.total_consumption_half_hour GROUP BY 1 HAVING count(*) <> 48 ORDER BY 1"
    );
    expect(days).toEqual([
      ["2021-03-28", "46"],
      ["2021-10-31", "50"]
    ]);
  });

  it("have the columns of their names, then those that their increments need", async () => {
    const columns = async (table: string) =>
      (await lake.query(`SELECT column_name FROM (DESCRIBE gold.${table})`)).flat().join(", ");
    expect({
      active: await columns("active_agreements"),
      total: await columns("total_consumption_half_hour"),
      days: await columns("consumption_per_product_per_day"),
      aggregate: await columns("aggregate_per_half_hour"),
      mean: await columns("avg_half_hour_by_product")
    }).toEqual({
      active: "agreement_id, meterpoint_id, account_id, region, product, is_variable, valid_from, valid_to",
      total: "interval_start, total_kwh, meterpoint_count, local_date, month",
      days: "local_date, product, total_kwh, meterpoint_count, month",
      aggregate: "interval_start, total_kwh, meterpoint_count",
      mean: "interval_start, product, avg_kwh, meterpoint_count, local_date, month"
    });
  });
});

describe("a smart meter's agreement", () => {
  const problems = (problem: string) =>
    lake.query(
      `SELECT CAST(agreement_id AS VARCHAR), CAST(other_agreement_id AS VARCHAR), meterpoint_id FROM quality.agreement_problem WHERE problem = '${problem}' ORDER BY 1`
    );
  const reasons = (meterpoint: string) =>
    lake.query(
      `SELECT list_sort(list(DISTINCT CAST(local_date AS VARCHAR))), min(reason) FROM quality.uncovered_half_hour WHERE meterpoint_id = '${meterpoint}'`
    );
  const productsOf = (meterpoint: string) =>
    lake.query(
      `SELECT product_id, CAST(min(local_date) AS VARCHAR), CAST(max(local_date) AS VARCHAR) FROM silver.agreement_day WHERE meterpoint_id = '${meterpoint}' GROUP BY product_id ORDER BY min(local_date), 3`
    );
  /** The second of the two meter points of a kind, which the generator makes by the last digit of the number. */
  const agreementsOf = (kind: number) => {
    const ids = [
      ...new Set([...whole.files()].filter(({path}) => !path.includes("resent")).map(({rows}) => rows[0]![2]))
    ];
    const meterpoint = ids[10 + kind]!;
    return {
      meterpoint,
      agreements: whole.snapshots.at(-1)!.agreements.filter(({meterpoint_id}) => meterpoint_id === meterpoint)
    };
  };

  it("that changes to another product in mid-period is followed on that day", async () => {
    const {meterpoint, agreements} = agreementsOf(1);
    expect(await productsOf(meterpoint)).toEqual([
      [agreements[0]!.product_id, "2021-03-19", "2021-03-23"],
      [agreements[1]!.product_id, "2021-03-24", "2021-10-31"]
    ]);
  });

  it("of no length never applies, and is listed", async () => {
    const {meterpoint, agreements} = agreementsOf(2);
    expect(await problems("zero length")).toContainEqual([String(agreements[0]!.agreement_id), null, meterpoint]);
    expect((await productsOf(meterpoint)).map(([product]) => product)).toEqual([agreements[1]!.product_id]);
  });

  it("that overlaps another wins if it starts later, and both are listed", async () => {
    const {meterpoint, agreements} = agreementsOf(3);
    const [older, newer] = agreements.map(({agreement_id}) => String(agreement_id));
    const listed = await problems("overlap");
    expect(listed).toContainEqual([older, newer, meterpoint]);
    expect(listed).toContainEqual([newer, older, meterpoint]);
    expect(
      await lake.query(
        `SELECT CAST(local_date AS VARCHAR) FROM silver.agreement_day WHERE meterpoint_id = '${meterpoint}' AND agreement_id = ${newer} ORDER BY 1`
      )
    ).toEqual([["2021-03-24"], ["2021-03-25"], ["2021-03-26"]]);
  });

  it("that leaves a gap leaves those half hours out of the products, listed with their energy", async () => {
    const {meterpoint} = agreementsOf(4);
    // Its second agreement ends with the period, so that the days around the autumn's change have none either.
    const days = ["2021-03-24", "2021-03-25", "2021-03-29", "2021-10-30", "2021-10-31"];
    expect(await reasons(meterpoint)).toEqual([[days, "no agreement"]]);
  });

  it("that there isn't leaves the meter point in the totals alone", async () => {
    const {meterpoint, agreements} = agreementsOf(5);
    expect(agreements).toEqual([]);
    expect(await productsOf(meterpoint)).toEqual([[null, "2021-03-19", "2021-10-31"]]);
  });

  it("for a product that isn't known is listed, and so is its energy", async () => {
    const {meterpoint, agreements} = agreementsOf(6);
    expect(await problems("product unknown")).toContainEqual([String(agreements[0]!.agreement_id), null, meterpoint]);
    expect((await reasons(meterpoint))[0]![1]).toBe("product unknown: GONE-17");
  });

  it("for either of two ids that share a name is for one product", async () => {
    const {meterpoint} = agreementsOf(7);
    expect((await productsOf(meterpoint)).map(([product]) => product)).toEqual(["FIX-12M-20", "FIX-12M-21"]);
    expect(
      await lake.query(`SELECT DISTINCT product FROM silver.agreement_day WHERE meterpoint_id = '${meterpoint}'`)
    ).toEqual([["Fixed 12M"]]);
  });

  it("for a meter point that isn't known is listed, and applies", async () => {
    const {meterpoint, agreements} = agreementsOf(9);
    expect(await problems("meter point unknown")).toContainEqual([
      String(agreements[0]!.agreement_id),
      null,
      meterpoint
    ]);
    expect(
      await lake.query(
        `SELECT region, product IS NOT NULL FROM gold.active_agreements WHERE meterpoint_id = '${meterpoint}'`
      )
    ).toEqual([[null, true]]);
  });

  it("or none: covered and uncovered add up to the total of each day, to the micro-kWh", async () => {
    const [[days, wrong, uncovered]] = (await lake.query(
      "SELECT count(*), count(*) FILTER (total_kwh <> covered_kwh + uncovered_kwh), count(*) FILTER (uncovered_kwh > 0 AND covered_kwh > 0) FROM quality.agreement_coverage"
    )) as [[string, string, string]];
    expect([days, wrong, uncovered]).toEqual(["13", "0", "13"]);
    expect(
      first.tables
        .flatMap(({failures}) => failures.map(({check, severity, violations}) => `${check} ${severity} ${violations}`))
        .sort()
    ).toEqual([
      "applies warn 2",
      "covered warn 72",
      "known_meter_point warn 2",
      "known_product warn 2",
      "overlap warn 4",
      "whole warn 26"
    ]);
  });
});

describe("a smart meter's reading", () => {
  const fates = (fate: string) =>
    lake.query(`SELECT CAST(count(*) AS INTEGER), min(reason) FROM silver.interval_fate WHERE fate = '${fate}'`);

  it("that comes twice collapses if it is equal, and if it comes in a newer file supersedes the older", async () => {
    // Two meter points have two rows twice in a file; two were sent six again.
    expect(await fates("superseded")).toEqual([[2 * 2 + 2 * 6, null]]);
  });

  it("that one file tells in two ways is rejected, both times", async () => {
    expect(await fates("rejected")).toEqual([
      [4, expect.stringMatching("interval told twice in one file, differently: 2021-03-19 02:30:00")]
    ]);
  });

  it("without a value is missing, and said to be", async () => {
    expect(await fates("missing")).toEqual([[2, null]]);
    expect(
      await lake.query(
        "SELECT values_in = placed_values + missing + rejected + superseded FROM (SELECT sum(values_in) AS values_in, sum(placed_values) AS placed_values, sum(missing) AS missing, sum(rejected) AS rejected, sum(superseded) AS superseded FROM quality.reconciliation)"
      )
    ).toEqual([[true]]);
  });
});

// These change the lake, one after the other.
describe("smart meters, from run to run", () => {
  it("a new day's readings rebuild that day, and give what all at once give", async () => {
    await land(late);
    const built = scopes(await lake.run());
    for (const table of ["total_consumption_half_hour", "avg_half_hour_by_product", "consumption_per_product_per_day"])
      expect(built[`gold.${table}`]).toBe("built 2021-11-01");
    expect(built["gold.active_agreements"]).toBeUndefined();
    await expectAnswers(whole);
  });

  it("a date for the agreements rebuilds their table alone", async () => {
    expect(scopes(await lake.run({params: {as_of: "2021-03-25"}}))).toEqual({"gold.active_agreements": "built all"});
    await expectAnswers(whole, "2021-03-25");
  });

  it("a newer snapshot is what holds, and what the older ones said is kept", async () => {
    const {agreements, products, meterpoints} = whole.snapshots.at(-1)!;
    const [ended, removed, ...others] = agreements;
    const changed: Snapshot = {
      path: "supply-2021-12-01.db",
      agreements: [{...ended!, agreement_valid_to: "2021-03-22"}, ...others],
      products: products.map((product) =>
        product.product_id === "AGILE-18" ? {...product, display_name: "Agile October"} : product
      ),
      meterpoints: meterpoints.slice(1)
    };
    await landSnapshot(changed);
    expect(scopes(await lake.run())["silver.reading"]).toBeUndefined();
    await expectAnswers({...whole, snapshots: [...whole.snapshots, changed]});
    const history = (id: number) =>
      lake.query(
        `SELECT CAST(valid_to AS VARCHAR), is_current, split_part(said.file, '/', 2), split_part(until.file, '/', 2)
         FROM silver.agreement
         JOIN silver.agreement_snapshot AS said ON said.snapshot = first_snapshot
         JOIN silver.agreement_snapshot AS until ON until.snapshot = last_snapshot
         WHERE agreement_id = ${id} ORDER BY first_snapshot`
      );
    expect(await history(ended!.agreement_id)).toEqual([
      [null, false, "supply-2021-02-17.db", "supply-2021-03-29.db"],
      ["2021-03-22", true, "supply-2021-12-01.db", "supply-2021-12-01.db"]
    ]);
    expect(await history(removed!.agreement_id)).toEqual([
      [null, false, "supply-2021-02-17.db", "supply-2021-02-17.db"],
      ["2021-03-24", false, "supply-2021-03-29.db", "supply-2021-03-29.db"]
    ]);
    expect(
      await lake.query(
        "SELECT product, is_current FROM silver.product WHERE product_id = 'AGILE-18' ORDER BY first_snapshot"
      )
    ).toEqual([
      ["Agile", false],
      ["Agile October", true]
    ]);
    expect(
      await lake.query(
        "SELECT CAST(count(*) AS INTEGER), CAST(count(*) FILTER (is_current) AS INTEGER) FROM silver.meterpoint"
      )
    ).toEqual([[meterpoints.length, meterpoints.length - 1]]);
  });
});
