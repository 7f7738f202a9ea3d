import {existsSync} from "node:fs";
import {copyFile, mkdir, readFile, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {gunzipSync, gzipSync} from "node:zlib";
import {DateTime} from "luxon";

/** The weather of an hour that the city's loads go by. */
export interface Hour {
  /** Tenths of a degree Celsius. */
  readonly temperature: number;
  readonly cloud_percent: number;
}

/** The weather of any UTC hour, by minutes since 1970: that of the same hour of the real year. */
export interface Year {
  hour(minutes: number): Hour;
  /** Writes the weather of the UTC dates from one to another, as the station publishes it, and returns how many hours. */
  write(folder: string, from: string, to: string): Promise<number>;
}

const real = {folder: "lake/landing/weather", file: "vilniaus-ams_2022.csv.gz", stations: "stations.jsonl", year: 2022};

/**
 * The weather of Vilnius in 2022, as landing/weather has it. What a column lacks is as it was in the hour before.
 *
 * @throws Error when the file isn't there.
 */
export async function realYear(): Promise<Year> {
  const packed = await readFile(join(real.folder, real.file)).catch(() => {
    throw new Error(`weather not found: ${join(real.folder, real.file)}; run this in the project's own folder`);
  });
  const [header, ...lines] = gunzipSync(packed).toString().trim().split("\n");
  const columns = header!.split(",");
  const [temperatureAt, cloudAt] = ["air_temperature", "cloud_cover"].map((name) => columns.indexOf(name));
  const lineOf = new Map(lines.map((line) => [line.slice(5, 13), line]));
  const hours = new Map<string, Hour>();
  let last: Hour = {temperature: 0, cloud_percent: 50};
  for (const line of lines) {
    const fields = line.split(",");
    const [temperature, cloud] = [fields[temperatureAt!]!, fields[cloudAt!]!];
    last = {
      temperature: temperature === "" ? last.temperature : Math.round(Number(temperature) * 10),
      cloud_percent: cloud === "" ? last.cloud_percent : Number(cloud)
    };
    hours.set(line.slice(5, 13), last);
  }
  // The 29th of February is as the 28th was.
  const nameOf = (minutes: number) =>
    new Date(Math.floor(minutes / 60) * 3_600_000)
      .toISOString()
      .slice(5, 13)
      .replace("T", " ")
      .replace("02-29", "02-28");
  return {
    hour: (minutes) => hours.get(nameOf(minutes))!,
    async write(folder, from, to) {
      await mkdir(folder, {recursive: true});
      const isThere = (file: string) => existsSync(join(folder, file));
      if (!isThere(real.stations)) await copyFile(join(real.folder, real.stations), join(folder, real.stations));
      const first = DateTime.fromISO(from, {zone: "utc"});
      const last = DateTime.fromISO(to, {zone: "utc"}).plus({days: 1});
      if (isThere(real.file) && first.year === real.year && last.minus({hours: 1}).year === real.year) return 0;
      const rows: string[] = [];
      for (let at = first; at < last; at = at.plus({hours: 1}))
        rows.push(`${at.toFormat("yyyy-MM-dd HH")}${lineOf.get(nameOf(at.toMillis() / 60_000))!.slice(13)}\n`);
      await writeFile(join(folder, `city_${from}_${to}.csv.gz`), gzipSync(`${header}\n${rows.join("")}`));
      return rows.length;
    }
  };
}
