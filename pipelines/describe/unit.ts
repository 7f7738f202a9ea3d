const units: Readonly<Record<string, string>> = {
  micro_kwh: "micro-kWh",
  kwh: "kWh",
  wh: "Wh",
  kw: "kW",
  w: "W",
  v: "V",
  a: "A",
  hz: "Hz",
  c: "°C",
  hpa: "hPa",
  mm: "mm",
  m: "m",
  percent: "%",
  hours: "h",
  minutes: "min",
  min: "min",
  seconds: "s",
  ms: "ms",
  bytes: "B"
};

// Half hours are counted, no unit.
const suffix = new RegExp(`(?:^|_)(?<!half_)(?:${Object.keys(units).join("|")})(?=$|_per_|_total$)`);
const text = /^(VARCHAR|BOOLEAN|DATE|TIMESTAMP)/;

/** The unit that a column's name ends in: `kWh` of `energy_kwh`, `kWh per hour` of `max_kwh_per_hour`. */
export function unitOf({name, type}: {readonly name: string; readonly type: string}): string | undefined {
  const [found] = suffix.exec(name) ?? [];
  // A name that is nothing but a unit counts things: `hours`.
  if (found === undefined || found === name || text.test(type)) return undefined;
  const per = /_per_(\w+)$/.exec(name)?.[1];
  return `${units[found.replace(/^_/, "")]}${per ? ` per ${per.replaceAll("_", " ")}` : ""}`;
}
