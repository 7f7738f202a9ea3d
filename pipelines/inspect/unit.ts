import type {Connection} from "../engines/duckdb.js";
import type {WholeUnit as Unit} from "../sources/source.js";
import type {Roles} from "./columns.js";
import {certain, type Finding, likely, unknown} from "./finding.js";
import type {Series} from "./series.js";

const kwhPer: Readonly<Record<Unit, number>> = {Wh: 0.001, kWh: 1, MWh: 1000};

/** What a series may be, by the kWh it uses in a year. */
const users = [
  {name: "a home", least: 300, most: 30_000},
  {name: "a group of consumers, a town or a region", least: 50_000_000, most: 50_000_000_000}
] as const;

/** Finds out the unit: by the name of the value's column, or else by what a year of a series would then be. */
export async function findUnit(
  connection: Connection,
  roles: Roles,
  series: Series
): Promise<{unit: Unit | undefined; finding: Finding}> {
  if (/price|(^|_)(eur|usd|gbp)(_|$)/i.test(roles.value))
    return {
      unit: undefined,
      finding: unknown("unit", `the column is called ${roles.value}: a price, no energy`, "the sender")
    };
  const [, named] = /(?:^|[^a-z])([kmg]?wh?)(?:$|[^a-z])/i.exec(roles.value) ?? [];
  const unit = (Object.keys(kwhPer) as Unit[]).find((one) => one.toLowerCase() === named?.toLowerCase());
  if (unit) return {unit, finding: certain("unit", unit, `the column is called ${roles.value}`)};
  if (named)
    return {
      unit: undefined,
      finding: unknown("unit", `the column is called ${roles.value}: ${named}`, "the sender: Wh, kWh and MWh are known")
    };
  const [all] = await connection.rows<{mean: number; fractions: number; names: number}>(
    `SELECT CAST(avg(value) AS DOUBLE) AS mean, CAST(count(*) FILTER (value <> floor(value)) AS DOUBLE) AS fractions,
       CAST(count(DISTINCT meter) FILTER (NOT regexp_matches(meter, '[0-9]') AND contains(meter, ' ')) / count(DISTINCT meter) AS DOUBLE) AS names
     FROM observed`
  );
  const year = (all!.mean * 525_600) / series.resMin;
  const isGroup = all!.names > 0.5;
  const user = users[isGroup ? 1 : 0]!;
  const told = (Object.keys(kwhPer) as Unit[])
    .map((one) => `as ${one} a series uses ${rounded(year * kwhPer[one])} kWh a year`)
    .join(", ");
  const fitting = (Object.keys(kwhPer) as Unit[]).filter((one) => {
    const kwh = year * kwhPer[one];
    // A meter counts whole Wh: what has fractions is of a larger unit.
    return kwh >= user.least && kwh <= user.most && !(one === "Wh" && all!.fractions > 0);
  });
  const who = isGroup
    ? "the series have names like those of groups, not of meters"
    : "the series have names like those of meters";
  const what = `${told}; ${who}, and ${user.name} uses ${rounded(user.least)} to ${rounded(user.most)} kWh`;
  const wouldTell = "the sender's word, or a year's total that is known";
  return fitting.length === 1
    ? {unit: fitting[0], finding: likely("unit", fitting[0]!, what, wouldTell)}
    : {unit: undefined, finding: unknown("unit", what, wouldTell)};
}

function rounded(number: number): string {
  return Number(number.toPrecision(3)).toLocaleString("en-US");
}
