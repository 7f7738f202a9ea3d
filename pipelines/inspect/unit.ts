import {type Connection, identifier} from "../engines/duckdb.js";
import type {Unit} from "../sources/source.js";
import {certain, type Finding, given, likely, unknown} from "./finding.js";
import type {Roles} from "./roles.js";
import type {Said} from "./said.js";
import type {Series} from "./series.js";
import {foreignUnitIn} from "./words.js";

/** The energy in kWh of a value of 1 in an interval of so many hours: of power it is by the interval's length. */
const kwhOf = {
  Wh: () => 0.001,
  kWh: () => 1,
  MWh: () => 1000,
  W: (hours: number) => 0.001 * hours,
  kW: (hours: number) => hours,
  MW: (hours: number) => 1000 * hours
} as const;

type Candidate = keyof typeof kwhOf;

const energies: readonly Candidate[] = ["Wh", "kWh", "MWh"];
const powers: readonly Candidate[] = ["W", "kW", "MW"];

/** What a consumer may use, in kWh a year. */
const [least, most] = [300, 30_000];

const wouldTell = "the sender's word, or a year's total that is known; --unit says it";

/**
 * Finds out the unit: by the names of columns and the texts of categories, or else by what a year of a consumer would then be. Power and
 * energy are weighed: what is called power, or whose every value is as large in intervals of an hour, is either.
 */
export async function findUnit(
  connection: Connection,
  roles: Roles,
  series: Series,
  said: Said
): Promise<{unit: Unit | undefined; finding: Finding}> {
  if (said.unit !== undefined) return {unit: said.unit, finding: given("unit", said.unit, "--unit")};
  const names = roles.values.map(({column}) => column);
  const byCategory = roles.categories.find(({values}) => Object.values(values).every(({unit}) => unit !== undefined));
  if (byCategory)
    return {
      unit: undefined,
      finding: certain("unit", unitsOf(byCategory.values), `as ${byCategory.column} says, row by row`)
    };
  const named = [...new Set(roles.values.map(({set}) => set.unit))];
  if (named.length === 1 && named[0] !== undefined)
    return {unit: named[0] as Unit, finding: certain("unit", named[0], `the column is called ${names.join(" and ")}`)};
  if (named.length > 1 && !named.includes(undefined))
    return {
      unit: undefined,
      finding: certain("unit", named.join(", "), `the columns are called ${names.join(" and ")}`)
    };
  const foreign = names.map(foreignUnitIn).find((unit) => unit !== undefined);
  if (foreign !== undefined)
    return {
      unit: undefined,
      finding: unknown(
        "unit",
        `the column is called ${names.join(" and ")}: ${foreign} is no energy`,
        "another column; --value names it"
      )
    };
  return byPlausibility(connection, roles, series);
}

function unitsOf(values: Roles["categories"][number]["values"]): string {
  return [...new Set(Object.values(values).map(({unit}) => unit))].join(", ");
}

async function byPlausibility(
  connection: Connection,
  roles: Roles,
  series: Series
): Promise<{unit: Unit | undefined; finding: Finding}> {
  const consumers = await consumersIn(connection, roles);
  const [all] = await connection.rows<{mean: number | null; fractions: boolean; names: number}>(
    `SELECT CAST(avg(value) AS DOUBLE) AS mean, coalesce(bool_or(value <> floor(value)), false) AS fractions,
       CAST(count(DISTINCT series) FILTER (NOT regexp_matches(series, '[0-9]') AND contains(trim(series), ' ')) / count(DISTINCT series) AS DOUBLE) AS names
     FROM observed`
  );
  const {mean, fractions, names} = all!;
  if (mean === null || mean <= 0)
    return {unit: undefined, finding: unknown("unit", "the values are zero, or none", wouldTell)};
  if (names > 0.5 && consumers === undefined)
    return {
      unit: undefined,
      finding: unknown(
        "unit",
        "the series have names like those of groups, and how many consumers a group has is not known",
        wouldTell
      )
    };
  const hours = series.resMin / 60;
  const year = (mean / (consumers?.mean ?? 1)) * (525_600 / series.resMin);
  const label = roles.values.map(({column}) => column).join(" ");
  const isPower = /power|leistung|puissance|vermogen|galia|teho|\bdemand\b|\bload\b|average|mean/i.test(label);
  const isEnergy = /energ|consum|usage|verbrauch|verbruik|volume/i.test(label);
  const kinds = isPower && !isEnergy ? powers : isEnergy && !isPower ? energies : [...energies, ...powers];
  const who = consumers
    ? `a consumer, of which ${consumers.column} counts ${rounded(consumers.mean)} a series, uses a year`
    : "a series uses a year";
  const weighed = kinds.map((unit) => ({unit, kwh: year * kwhOf[unit](hours)}));
  // A meter counts whole Wh: what has fractions is of a larger unit.
  const fitting = weighed.filter(({unit, kwh}) => kwh >= least && kwh <= most && !(unit === "Wh" && fractions));
  const evidence =
    `${who} ${weighed.map(({unit, kwh}) => `${rounded(kwh)} kWh if the unit is ${unit}`).join(", ")}; ` +
    `a home uses ${rounded(least)} to ${rounded(most)} kWh`;
  const energy = fitting.find(({unit}) => energies.includes(unit));
  const power = fitting.find(({unit}) => powers.includes(unit));
  // A mean kW over an hour is a kWh.
  if (energy && power && series.resMin !== 60)
    return {
      unit: undefined,
      finding: unknown("unit", `${evidence}; energy (${energy.unit}) and power (${power.unit}) both fit`, wouldTell)
    };
  const found = energy ?? power;
  const isOne =
    fitting.filter(({unit}) => energies.includes(unit) === energies.includes(found?.unit ?? "Wh")).length === 1;
  return found && isOne
    ? {unit: found.unit as Unit, finding: likely("unit", found.unit, evidence, wouldTell)}
    : {unit: undefined, finding: unknown("unit", evidence, wouldTell)};
}

/** How many consumers a row counts together, where a column says so. */
async function consumersIn(connection: Connection, roles: Roles): Promise<{column: string; mean: number} | undefined> {
  const columns = await connection.rows<{name: string}>(
    "SELECT column_name AS name FROM (DESCRIBE raw) WHERE regexp_matches(lower(column_name), '(count|customers|consumers|households|homes|skai)') AND column_type = 'VARCHAR'"
  );
  for (const {name} of columns) {
    if (name === roles.meter || roles.values.some(({column}) => column === name)) continue;
    const [row] = await connection.rows<{mean: number | null; whole: boolean | null}>(
      `SELECT CAST(avg(number) AS DOUBLE) AS mean, bool_and(number >= 1 AND number = floor(number)) AS whole
       FROM (SELECT try_cast(trim(${identifier(name)}) AS DOUBLE) AS number FROM raw WHERE trim(${identifier(name)}) <> '')`
    );
    if (row?.whole && row.mean !== null) return {column: name, mean: row.mean};
  }
  return undefined;
}

function rounded(number: number): string {
  return Number(number.toPrecision(3)).toLocaleString("en-US");
}
