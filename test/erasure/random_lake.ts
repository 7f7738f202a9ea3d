import {mkdir, writeFile} from "node:fs/promises";
import {dirname, join} from "node:path";
import fc from "fast-check";
import type {Source} from "../../pipelines/sources/source.js";
import {type TestLake, testLake} from "../support/lake.js";
import {modelsOf} from "../support/models_of.js";

/** A reading that lands: its client, its location, its meter's number there, and its date. */
interface Row {
  readonly client: string;
  readonly location: string;
  readonly meter: number;
  readonly date: string;
  /** Whether a record of the same meter follows in a CSV file that has too many fields, and is rejected. */
  readonly hasReject: boolean;
}

/** What lands in a random lake, and who is erased from it. */
export interface Scene {
  readonly files: readonly {readonly format: "csv" | "jsonl"; readonly rows: readonly Row[]}[];
  readonly erased: readonly {readonly client: string; readonly location: string}[];
}

export const sources: readonly Source[] = [
  {
    name: "hub",
    folder: "hub",
    format: "interval_row",
    timeZone: "Europe/Vilnius",
    policy: "utc",
    unit: "kWh",
    fuel: "electricity",
    channel: "import"
  }
];

export const sql = () => modelsOf();

/** Ids as people choose them, and as nobody should. */
const locations = ["home-1", `o'brien "7"`, "100% [a].*", "ünïcode&<b>", "$&\\1"];
const clients = ["acme", "o'client"];

/** A meter's id, which holds its location's and is no other's. */
export const meterOf = ({client, location, meter}: Pick<Row, "client" | "location" | "meter">) =>
  `${client}/${location}/m${meter}`;

const row = fc.record<Row>({
  client: fc.constantFrom(...clients),
  location: fc.constantFrom(...locations),
  meter: fc.integer({min: 1, max: 2}),
  // Few dates, so that some are of one customer alone.
  date: fc.constantFrom("2022-03-27", "2022-05-01", "2022-06-15"),
  hasReject: fc.boolean()
});

/** Few files of few rows; any of their customers may go, or all. */
export const scenes: fc.Arbitrary<Scene> = fc
  .array(
    fc.record({
      format: fc.constantFrom("csv" as const, "jsonl" as const),
      rows: fc.array(row, {minLength: 1, maxLength: 6})
    }),
    {minLength: 1, maxLength: 3}
  )
  .chain((files) => {
    const customers = [
      ...new Map(
        files.flatMap(({rows}) =>
          rows.map(({client, location}) => [`${client} ${location}`, {client, location}] as const)
        )
      ).values()
    ];
    return fc.record({files: fc.constant(files), erased: fc.subarray(customers, {minLength: 1})});
  });

/** A lake into which a scene's files have landed. */
export async function lakeOf({files}: Scene): Promise<TestLake> {
  const lake = await testLake(sql());
  for (const [index, {format, rows}] of files.entries()) {
    const file = join(lake.folder, "landing", "hub", `${index}.${format}`);
    await mkdir(dirname(file), {recursive: true});
    const records = rows.map((each, place) => ({
      client_id: each.client,
      meter_id: meterOf(each),
      location_id: each.location,
      label: `${each.date}T${String(index).padStart(2, "0")}:00Z`,
      resolution: "60min",
      value: `${index + 1}.${place}`
    }));
    const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
    const text =
      format === "jsonl"
        ? records.map((record) => JSON.stringify(record))
        : [
            Object.keys(records[0]!).join(","),
            ...records.flatMap((record, place) => {
              const line = Object.values(record).map(quoted).join(",");
              return rows[place]!.hasReject ? [line, `${line},more,fields`] : [line];
            })
          ];
    await writeFile(file, `${text.join("\n")}\n`);
  }
  return lake;
}
