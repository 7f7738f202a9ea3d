import {cp, mkdir, writeFile} from "node:fs/promises";
import {dirname, join} from "node:path";
import {literal, openDuckDB} from "../../pipelines/engines/duckdb.js";
import {runPipeline} from "../../pipelines/pipeline.js";
import {sources} from "./sources.js";

/** A day as Eliq sends it; an array may be of any length, or missing. */
interface Day {
  readonly client: string | null;
  readonly meter: string;
  readonly date: string | null;
  readonly values: readonly (number | null)[] | null;
  readonly resolution?: string;
}

/**
 * Builds a lake of the test clients in a folder, delivery by delivery: good days, days of every fault, corrections,
 * and then a day a run, until the logs have checkpoints.
 *
 * @returns how many runs it took
 */
export async function buildClients(lake: string): Promise<number> {
  const landing = join(lake, "landing");
  const connection = await openDuckDB();
  const deliver = async (path: string, days: readonly Day[]) => {
    await mkdir(dirname(join(landing, path)), {recursive: true});
    await connection.run(`COPY (${rowsOf(days)}) TO ${literal(join(landing, path))} (FORMAT parquet)`);
  };
  try {
    await firstDelivery(landing, deliver);
    let runs = 0;
    const run = async () => {
      const {tables, intake} = await runPipeline({lake, landing, sources});
      const failed = tables.find(({outcome}) => outcome === "failed" || outcome === "blocked");
      if (failed) throw new Error(`table failed: ${failed.table}: ${failed.error ?? JSON.stringify(failed.failures)}`);
      const rejected = intake.rejected.find(({arrival}) => !arrival.path.includes("torn"));
      if (rejected) throw new Error(`file rejected: ${rejected.arrival.path}: ${rejected.reason}`);
      runs++;
    };
    await run();
    // A correction of a day, one that is itself faulty, and a day again with the same values.
    await deliver("vilnius/corrections.parquet", [
      day("2022-10-30", 24, {client: "O'Brien & Söhne 100%", shift: 7}),
      {...day("2022-10-29", 24, {client: "O'Brien & Söhne 100%"}), values: [1, 2, 3]},
      day("2022-10-28", 24, {client: "O'Brien & Söhne 100%"})
    ]);
    await land(landing, "kathmandu/corrections.csv", [
      "meter_id,label,value",
      "k,2022-07-01T05:00Z,0.3",
      "k,2022-07-01T06:00Z,-1",
      "k,2022-07-01T07:00Z,0.25"
    ]);
    await run();
    for (let number = 1; number <= 10; number++) {
      const date = `2022-11-${9 + number}`;
      await deliver(`vilnius/daily/${date}.parquet`, [day(date, 24, {client: "O'Brien & Söhne 100%"})]);
      await run();
    }
    return runs;
  } finally {
    connection.close();
  }
}

async function firstDelivery(landing: string, deliver: (path: string, days: readonly Day[]) => Promise<void>) {
  const client = "O'Brien & Söhne 100%";
  const meter = 'meter/1 "β"';
  await deliver("vilnius/2022 #1/år?.parquet", [
    ...daysFrom("2022-03-20", 14).map((date) => day(date, 24, {client, ...(date === "2022-03-27" && {absent: [3]})})),
    ...daysFrom("2022-10-20", 20).map((date) => day(date, 24, {client})),
    ...daysFrom("2022-03-26", 3).map((date) =>
      day(date, 96, {client, meter, ...(date === "2022-03-27" && {absent: [12, 13, 14, 15]})})
    ),
    ...daysFrom("2022-10-29", 3).map((date) => day(date, 48, {client: "b", meter}))
  ]);
  const faulty = (date: string, change: Partial<Day>): Day => ({...day(date, 24, {client: "c"}), ...change});
  await deliver("vilnius/faulty.parquet", [
    faulty("2022-05-01", {values: null}),
    ...[0, 22, 23, 25].map((length, index) => faulty(`2022-05-0${index + 2}`, {values: Array(length).fill(10)})),
    faulty("2022-05-06", {values: [-5, ...Array(23).fill(10)]}),
    faulty("2022-05-07", {values: [900_000_000, null, ...Array(22).fill(10)]}),
    faulty("2022-05-08", {values: [Number.MAX_SAFE_INTEGER, ...Array(23).fill(10)]}),
    faulty("2022-05-09", {resolution: "45min"}),
    faulty("2022-05-10", {client: null}),
    faulty("2022-05-11", {date: null}),
    faulty("2022-05-12", {date: "1066-10-14"}),
    // Energy in the hour that doesn't exist.
    faulty("2022-03-27", {}),
    // The same day twice, alike and not.
    ...[10, 10].map((value) => faulty("2022-05-13", {values: Array(24).fill(value)})),
    ...[10, 11].map((value) => faulty("2022-05-14", {values: Array(24).fill(value)}))
  ]);
  await deliver("london-gas/2022.parquet", [
    ...daysFrom("2022-03-24", 2).map((date) => day(date, 24, {client: "gas"})),
    day("2022-03-26", 23, {client: "gas"}),
    ...daysFrom("2022-03-27", 3).map((date) => day(date, 24, {client: "gas"})),
    day("2022-10-29", 25, {client: "gas"}),
    day("2022-10-30", 24, {client: "gas"})
  ]);
  await deliver("lord howe/2022.parquet", [
    ...["2022-04-02", "2022-04-03", "2022-10-01"].map((date) => day(date, 24, {client: "lh"})),
    ...["2022-04-02", "2022-04-03", "2022-10-01"].map((date) => day(date, 48, {client: "lh", meter})),
    day("2022-10-02", 24, {client: "lh"}),
    day("2022-10-02", 47, {client: "lh", meter})
  ]);
  const hours = (date: string, labels: readonly string[], meterId: string) =>
    labels.map((label, index) => `${meterId},${date} ${label},${(index * 37 + 11) % 400}`);
  const clock = Array.from({length: 24}, (_, hour) => `${String(hour + 1).padStart(2, "0")}:00`);
  // Labels name an interval's end. On 2018-02-17 the hour from 23:00 comes twice; on 2018-11-04 midnight never is.
  await land(landing, "são-paulo/2018.csv", [
    "meter_id,label,value",
    ...hours("2018-02-17", [...clock, "24:00"], "m"),
    ...hours("2018-11-04", clock.slice(1), "m"),
    "m,2018-11-04 01:00,5",
    "m,not a label,5",
    "m,2018-11-05 07:00,-1"
  ]);
  await land(landing, "new-york/2022.csv", [
    "client_id,meter_id,label,value,resolution",
    ...Array.from({length: 100}, (_, index) => {
      const [offset, shift] = index < 8 ? ["-04:00", 0] : ["-05:00", 60];
      const minute = index * 15 - shift;
      const time = `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;
      return `ny,"roof ""A"", south",2022-11-06T${time}${offset},0.${String(index).padStart(3, "0")}125,15min`;
    }),
    "ny,x,2022-03-13T02:30-05:00,1,15min"
  ]);
  await land(landing, "kathmandu/2022.csv", [
    "meter_id,label,value",
    ...Array.from(
      {length: 48},
      (_, hour) => `k,2022-07-0${1 + Math.floor(hour / 24)}T${String(hour % 24).padStart(2, "0")}:00Z,0.25`
    )
  ]);
  // Rows of every fuel, unit and resolution, registers among them, and of every fault.
  const golden = join(import.meta.dirname, "..", "golden", "intervals", "landing");
  for (const name of ["units.csv", "resolutions.csv", "changes.csv", "registers.csv", "wrong rows.csv", "lines.jsonl"])
    await cp(join(golden, "intervals", name), join(landing, "city", name), {recursive: true});
  await cp(join(golden, "gas"), join(landing, "city gas"), {recursive: true});
  await deliver("berlin/2022.parquet", [
    ...["2022-03-26", "2022-10-29", "2022-10-30"].map((date) => day(date, 24, {client: "price"})),
    day("2022-03-27", 24, {client: "price", absent: [2]}),
    day("2022-10-30", 96, {client: "price", meter})
  ]);
  const clockHours = Array.from({length: 24}, (_, hour) => `${String(hour).padStart(2, "0")}:00`);
  const doubled = clockHours.flatMap((hour) => (hour === "02:00" ? ["02:00A", "02:00B"] : [hour]));
  const spring = clockHours.filter((hour) => hour !== "02:00");
  await land(landing, "oslo/2022.csv", [
    "meter_id,label,value",
    ...hours("2022-10-30", doubled, "o"),
    ...hours("2022-03-27", spring, "o"),
    "o,2022-10-31 02:00A,5"
  ]);
  await land(landing, "sydney/2022.csv", [
    "meter_id,label,value",
    ...["2022-04-03", "2022-10-02"].flatMap((date) => hours(date, clockHours, "s"))
  ]);
  await land(landing, "columbus/2022.csv", [
    "meter_id,label,value",
    ...hours("2022-11-06", clockHours, "c"),
    ...hours("2022-03-13", spring, "c")
  ]);
  await land(landing, "vilnius/torn.parquet", ["PAR1 and no more"]);
}

async function land(landing: string, path: string, lines: readonly string[]): Promise<void> {
  await mkdir(dirname(join(landing, path)), {recursive: true});
  await writeFile(join(landing, path), `${lines.join("\n")}\n`);
}

/** A day of varied values; those of the places in `absent` are NULL. */
function day(
  date: string,
  length: number,
  {client, meter = "m", shift = 0, absent = []}: {client: string; meter?: string; shift?: number; absent?: number[]}
): Day {
  const seed = Number(date.replaceAll("-", "")) + shift;
  const values = Array.from({length}, (_, place) =>
    absent.includes(place) ? null : ((place * 37 + seed * 11) % 901) + 1
  );
  return {client, meter, date, values, resolution: length < 30 ? "60min" : length < 60 ? "30min" : "15min"};
}

function daysFrom(date: string, count: number): string[] {
  return Array.from({length: count}, (_, index) =>
    new Date(Date.parse(date) + index * 86_400_000).toISOString().slice(0, 10)
  );
}

function rowsOf(days: readonly Day[]): string {
  const text = (value: string | null) => (value === null ? "NULL" : literal(value));
  const rows = days.map(
    ({client, date, meter, values, resolution = "60min"}) =>
      `(${text(client)}, ${text(date)}, ${text(meter)}, ${values ? `[${values.map((value) => value ?? "NULL")}]` : "NULL"}, ${text(resolution)})`
  );
  return `SELECT client::VARCHAR AS client_id, date::DATE AS date, meter::VARCHAR AS ext_dev_ref,
    list::BIGINT[] AS energy_consumption, resolution::VARCHAR AS resolution
    FROM (VALUES ${rows.join(", ")}) AS day(client, date, meter, list, resolution)`;
}
