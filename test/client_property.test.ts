import {mkdir, writeFile} from "node:fs/promises";
import {join} from "node:path";
import fc from "fast-check";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {type Lake, openLake} from "../pipelines/index.js";
import {type TestLake, testLake} from "./support/lake.js";

/** Words that are in every id, name and file of one client, and of nobody else. */
const marks = {alder: "alderly", birch: "birchen"} as const;
type Client = keyof typeof marks;
const clients = Object.keys(marks) as Client[];
const otherOf = (client: Client): Client => (client === "alder" ? "birch" : "alder");

const header = "client_id,meter_id,location_id,fuel,channel,start,resolution,value,unit";

/** Hours of a client's meters: good ones, doubled ones, a gap, negative ones and ones that are no numbers. */
function rowsOf(client: Client, days: number): string[] {
  const [mark, scale] = [marks[client], client === "alder" ? 1 : 7];
  return Array.from({length: days * 24}, (_, hour) => {
    if (hour % 31 === 5) return [];
    const start = new Date(Date.UTC(2022, 2, 26, hour)).toISOString();
    const value = hour % 37 === 3 ? "broken" : hour % 41 === 7 ? -1 : (hour % 24) * scale;
    const row = `${client},m-${mark}-${hour % 2},l-${mark},electricity,${hour % 3 ? "import" : "export"},${start},60min,${value},kWh`;
    return hour % 29 === 4 ? [row, row] : [row];
  }).flat();
}

async function lakeOf(...present: readonly Client[]): Promise<TestLake> {
  const lake = await testLake();
  await mkdir(join(lake.folder, "landing/intervals"));
  const land = (name: string, rows: readonly string[]) =>
    writeFile(join(lake.folder, "landing/intervals", name), `${[header, ...rows].join("\n")}\n`);
  // Files of one may count as little as its rows: good ones, one without a location, one that is rejected whole.
  for (const client of present) {
    await land(`${marks[client]}.csv`, rowsOf(client, client === "alder" ? 3 : 5));
    await land(`${marks[client]}-odd.csv`, [
      `${client},m-${marks[client]}-9,,electricity,import,2022-03-27T03:30:00,60min,5,kWh`
    ]);
    await writeFile(join(lake.folder, "landing/intervals", `${marks[client]}-torn.csv`), "\0\0");
  }
  await lake.run();
  return lake;
}

const lakes: TestLake[] = [];
const shared = {} as Record<Client, Lake>;
const alone = {} as Record<Client, Lake>;
let everything: Lake;

/** By table, the columns that a client sees, but for when a file came in, and as which: files of all are counted. */
const columnsOf = new Map<string, string[]>();

beforeAll(async () => {
  lakes.push(await lakeOf(...clients), await lakeOf("alder"), await lakeOf("birch"));
  everything = await openLake(lakes[0]!.folder);
  for (const [index, client] of clients.entries()) {
    shared[client] = await openLake(lakes[0]!.folder, {client});
    alone[client] = await openLake(lakes[index + 1]!.folder, {client});
  }
  for (const {table} of await shared.alder.tables()) {
    const described = await shared.alder.query(`DESCRIBE ${table}`).catch(() => []);
    const names = described.map(({column_name}) => column_name).filter((name) => !/arrival$|^ingested_at$/.test(name));
    if (names.length > 0) columnsOf.set(table, names);
  }
}, 120_000);
afterAll(async () => {
  for (const open of [everything, ...Object.values(shared), ...Object.values(alone)]) await open.close();
  for (const lake of lakes) await lake.remove();
});

async function answer(lake: Lake, sql: string): Promise<{readonly text: string; readonly fails: boolean}> {
  return lake.query(sql).then(
    (rows) => ({text: JSON.stringify(rows), fails: false}),
    (error: Error) => ({text: error.message, fails: true})
  );
}
/** Values of the one and the other, and what is in neither. */
const literal = fc.constantFrom(
  "'alder'",
  "'birch'",
  "'m-alderly-0'",
  "'m-birchen-1'",
  "'%birch%'",
  "'%alder%'",
  "'import'",
  "'7'"
);

/** Expressions over a column: some fail on values that the other client's rows have, or on its own. */
const expression = (column: string) =>
  fc.oneof(
    fc.constantFrom(
      `"${column}"`,
      `upper(CAST("${column}" AS VARCHAR))`,
      `length(CAST("${column}" AS VARCHAR))`,
      `hash("${column}")`,
      `TRY_CAST("${column}" AS VARCHAR) || 'x'`,
      `coalesce(TRY("${column}"), NULL)`,
      `CASE WHEN CAST("${column}" AS VARCHAR) LIKE '%irch%' THEN 'seen' ELSE 'none' END`,
      `row("${column}", 1)`
    ),
    literal.map((value) => `CAST("${column}" AS VARCHAR) = ${value}`)
  );

const condition = (column: string) =>
  fc.oneof(
    literal.map((value) => `CAST("${column}" AS VARCHAR) LIKE ${value}`),
    literal.map((value) => `CAST("${column}" AS VARCHAR) >= ${value}`),
    fc.constantFrom(
      `"${column}" IS NOT NULL`,
      // Fails where it is worked out for a row of one client, which the other must not notice.
      `CASE WHEN CAST("${column}" AS VARCHAR) LIKE '%birch%' THEN CAST('x' || "${column}" AS INTEGER) = 1 ELSE true END`,
      `CASE WHEN CAST("${column}" AS VARCHAR) LIKE '%alder%' THEN strptime("${column}", '%d') IS NULL ELSE true END`,
      `"${column}" IN (SELECT "${column}" FROM inner_rows)`,
      `(SELECT count(*) FROM inner_rows) > 40`
    )
  );

const aggregate = (column: string) =>
  fc.constantFrom(
    "count(*)",
    `count(DISTINCT "${column}")`,
    `min("${column}")`,
    `max(CAST("${column}" AS VARCHAR))`,
    `string_agg(DISTINCT CAST("${column}" AS VARCHAR), ',' ORDER BY CAST("${column}" AS VARCHAR))`,
    `approx_count_distinct("${column}")`,
    `bool_or(CAST("${column}" AS VARCHAR) LIKE '%birch%')`,
    `list_sort(list(DISTINCT CAST("${column}" AS VARCHAR)))`,
    `count(*) FILTER ("${column}" IS NULL)`,
    `histogram(CAST("${column}" AS VARCHAR))`
  );

const window = (column: string) =>
  fc.constantFrom(
    `count(*) OVER (PARTITION BY "${column}")`,
    `rank() OVER (ORDER BY CAST("${column}" AS VARCHAR))`,
    `max(CAST("${column}" AS VARCHAR)) OVER ()`,
    `sum(length(CAST("${column}" AS VARCHAR))) OVER (PARTITION BY "${column}")`,
    `percent_rank() OVER (ORDER BY CAST("${column}" AS VARCHAR))`
  );

/** A SELECT over one table; `inner_rows` in it is a common table over the same. */
const simple = fc
  .constantFrom(
    "silver.reading",
    "silver.meter",
    "gold.energy_day",
    "gold.load_profile",
    "bronze.interval_row",
    "silver.reading_reject",
    "silver.interval_fate",
    "silver.meter_interval",
    "quality.gap",
    "quality.file_account",
    "quality.questionable_reading",
    "ops.run",
    "bronze.file_reject"
  )
  .chain((table) =>
    fc.constantFrom(...(columnsOf.get(table) ?? ["client_id"])).chain((column) =>
      fc
        .tuple(
          fc.constantFrom(
            "plain",
            "grouped",
            "counted",
            "windowed",
            "qualified",
            "unnested",
            "lateral",
            "joined",
            "summary",
            "pivot",
            "sampled"
          ),
          expression(column),
          condition(column),
          aggregate(column),
          window(column)
        )
        .map(([shape, value, where, made, over]) => {
          const from = `FROM ${table} WHERE ${where}`;
          const shapes: Readonly<Record<string, string>> = {
            plain: `SELECT CAST(${value} AS VARCHAR) AS a, '' AS b ${from}`,
            grouped: `SELECT CAST(${value} AS VARCHAR) AS a, CAST(${made} AS VARCHAR) AS b ${from} GROUP BY ROLLUP (${value})`,
            counted: `SELECT CAST(${made} AS VARCHAR) AS a, CAST(count(*) AS VARCHAR) AS b ${from}`,
            windowed: `SELECT CAST(${value} AS VARCHAR) AS a, CAST(${over} AS VARCHAR) AS b ${from}`,
            qualified: `SELECT CAST(${value} AS VARCHAR) AS a, '' AS b ${from} QUALIFY ${over} IS NOT NULL AND rank() OVER (ORDER BY ${value}) < 9`,
            unnested: `SELECT CAST(unnest(list_distinct(list(${value}))) AS VARCHAR) AS a, '' AS b ${from}`,
            lateral: `SELECT CAST(l.n AS VARCHAR) AS a, CAST(r.i AS VARCHAR) AS b FROM (SELECT ${value} AS v ${from}) AS o, LATERAL (SELECT count(*) AS n FROM inner_rows WHERE CAST("${column}" AS VARCHAR) = CAST(o.v AS VARCHAR)) AS l, range(2) AS r(i)`,
            joined: `SELECT CAST(x.v AS VARCHAR) AS a, CAST(count(y."${column}") AS VARCHAR) AS b FROM (SELECT DISTINCT ${value} AS v ${from}) AS x FULL JOIN inner_rows AS y ON CAST(x.v AS VARCHAR) = CAST(y."${column}" AS VARCHAR) GROUP BY x.v`,
            summary: `SELECT column_name || min || max AS a, CAST(count AS VARCHAR) || null_percentage AS b FROM (SUMMARIZE SELECT "${column}" ${from})`,
            pivot: `SELECT CAST(COLUMNS(*) AS VARCHAR) FROM (SELECT "${column}" AS k, 'n' AS g ${from}) PIVOT (count(*) FOR CAST(k AS VARCHAR) IN ('alder' AS a, 'birch' AS b) GROUP BY g)`,
            sampled: `SELECT CAST(${value} AS VARCHAR) AS a, '' AS b FROM (${`SELECT * ${from}`} ORDER BY ALL LIMIT 7 OFFSET 2)`
          };
          return `WITH inner_rows AS (FROM ${table}) ${shapes[shape]}`;
        })
    )
  );

const random = fc.oneof(
  {weight: 3, arbitrary: simple},
  {
    weight: 1,
    arbitrary: fc
      .tuple(simple, fc.constantFrom("UNION", "UNION ALL", "EXCEPT", "INTERSECT"), simple)
      .map(([a, set, b]) => `(${a}) ${set} (${b})`)
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(simple, simple)
      .map(
        ([a, b]) =>
          `WITH one AS (${a}), two AS MATERIALIZED (${b}) SELECT one.a, (SELECT count(*) FROM two WHERE two.a = one.a) AS b FROM one`
      )
  }
);

describe("a lake of two clients", () => {
  it("answers each as a lake does in which the other never was", async () => {
    const runs = Number(process.env.WATTLAKE_SELECTS ?? 150);
    let [answered, told] = [0, 0];
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...clients), random, async (client, select) => {
        const sql = `SELECT * FROM (${select}) ORDER BY ALL`;
        const [found, expected] = [await answer(shared[client], sql), await answer(alone[client], sql)];
        expect(found.fails).toBe(expected.fails);
        // Which of its own values fails first isn't given.
        if (!found.fails) expect(found.text).toBe(expected.text);
        const written = [...sql.matchAll(/birch\w*|alder\w*/g)].map(([word]) => word);
        const foreign = found.text.match(new RegExp(`${otherOf(client)}\\w*`, "g")) ?? [];
        expect(foreign.filter((word) => !written.includes(word))).toEqual([]);
        if (!found.fails) answered++;
        if ((await answer(everything, sql)).text !== found.text) told++;
      }),
      {numRuns: runs, seed: process.env.WATTLAKE_SELECTS ? Date.now() : 20221030}
    );
    // It says something only where SELECTs are answered, and where the other client's rows would have shown.
    expect(answered).toBeGreaterThan(runs * 0.4);
    expect(told).toBeGreaterThan(runs * 0.3);
  }, 600_000);

  it("shows each the same tables, with the same columns and rows, as a lake in which the other never was", async () => {
    for (const client of clients) {
      expect(await shared[client].tables()).toEqual(await alone[client].tables());
      for (const [table, names] of columnsOf) {
        const sql = `SELECT ${names.map((name) => `"${name}"`).join(", ")} FROM ${table} ORDER BY ALL`;
        const found = await answer(shared[client], sql);
        expect(found, table).toEqual(await answer(alone[client], sql));
        expect(found.text, table).not.toContain(otherOf(client));
      }
    }
  });
});
