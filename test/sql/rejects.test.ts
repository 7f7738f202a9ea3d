import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {arrive, build, type DayRow, type IntervalRow, openTables, type SourceRow, upToAccount} from "./tables.js";

const duckdb = await openTables();
afterAll(() => duckdb.close());

const sources: SourceRow[] = [
  {source: "eliq", max_kwh_per_hour: 100},
  {source: "elexon", tz: "Europe/London", policy: "variable_length"},
  {source: "skip", policy: "fixed_slots_skip_sum_double"},
  {source: "price", policy: "fixed_slots_repeat"},
  {source: "apia", tz: "Pacific/Apia"},
  {source: "howe", tz: "Australia/Lord_Howe", max_kwh_per_hour: 100},
  {source: "order", policy: "label_in_order", unit: "kWh", max_kwh_per_hour: 100},
  {source: "paired", policy: "label_paired", unit: "kWh"},
  {source: "ab", policy: "label_3a_3b", unit: "kWh"},
  {source: "offset", policy: "label_offset", unit: "kWh"},
  {source: "utc", policy: "utc", unit: "kWh"},
  {source: "fixed", unit: "kWh"},
  {source: "drops", policy: "label_drops_ambiguous", unit: "kWh"}
];

const day = (count: number, value: number | bigint | null = 100) => Array.from({length: count}, () => value);
const with_ = (values: readonly (number | bigint | null)[], index: number, value: number | bigint | null) =>
  values.map((old, at) => (at === index ? value : old));

async function run(arrivals: {days?: DayRow[]; intervals?: IntervalRow[]}) {
  await arrive(duckdb, {sources, ...arrivals});
  await build(duckdb, upToAccount);
  const unbalanced = await duckdb.rows(
    `SELECT * FROM quality.reconciliation
     WHERE values_in IS DISTINCT FROM placed_values + nonexistent + missing + rejected + superseded
        OR energy_in_kwh IS DISTINCT FROM energy_placed_kwh + energy_rejected_kwh + energy_superseded_kwh`
  );
  expect(unbalanced).toEqual([]);
  const rejects = await duckdb.rows<{
    reason: string;
    slot: number | null;
    value_count: number | null;
    energy: string | null;
    raw: string | null;
  }>(
    "SELECT reason, slot, value_count, CAST(energy_kwh AS VARCHAR) AS energy, raw FROM silver.reading_reject ORDER BY row_number, slot"
  );
  const [total] = await duckdb.rows<Record<string, number>>(
    `SELECT CAST(sum(values_in) AS INTEGER) AS values_in, CAST(sum(placed_values) AS INTEGER) AS placed, CAST(sum(readings) AS INTEGER) AS readings,
       CAST(sum(nonexistent) AS INTEGER) AS nonexistent, CAST(sum(missing) AS INTEGER) AS missing, CAST(sum(rejected) AS INTEGER) AS rejected,
       CAST(sum(superseded) AS INTEGER) AS superseded FROM quality.reconciliation`
  );
  return {rejects, reasons: rejects.map(({reason}) => reason), total: total!};
}

// All cases of a kind arrive together, a row each, with a meter of its own.
describe("a day is rejected whole", () => {
  const cases: [string, Partial<DayRow>, string][] = [
    ["22 values", {values: day(22)}, "22 values, expected 24"],
    ["23 values in the spring, where 24 are sent", {date: "2022-03-27", values: day(23)}, "23 values, expected 24"],
    ["25 values in the autumn, where 24 are sent", {date: "2022-10-30", values: day(25)}, "25 values, expected 24"],
    ["25 values on an ordinary day", {values: day(25)}, "25 values, expected 24"],
    ["no values", {values: []}, "0 values, expected 24"],
    ["a NULL array", {values: null}, "no values"],
    ["24 values in London's spring", {source: "elexon", date: "2022-03-27", values: day(24)}, "24 values, expected 23"],
    [
      "24 values where the missing hour has no slot",
      {source: "skip", date: "2022-03-27", values: day(24)},
      "24 values, expected 23"
    ],
    [
      "23 values where it has none, in the autumn",
      {source: "skip", date: "2022-10-30", values: day(23)},
      "23 values, expected 24"
    ],
    ["an unknown resolution", {resolution: "45min"}, "unknown resolution: 45min"],
    ["no resolution", {resolution: null}, "unknown resolution: none"],
    ["24 values at 15 minutes", {resolution: "15min"}, "24 values, expected 96"],
    ["no date", {date: null}, "date missing"],
    ["a date before 1970", {date: "1969-07-20"}, "date outside 1970 to 2100: 1969-07-20"],
    ["a date of another age", {date: "3022-07-20"}, "date outside 1970 to 2100: 3022-07-20"],
    [
      "a date that Samoa skipped",
      {source: "apia", date: "2011-12-30"},
      "date that never happened in Pacific/Apia: 2011-12-30"
    ],
    ["no client", {client_id: null}, "client id missing"],
    ["no meter", {meter: ""}, "meter id missing"],
    ["a policy that takes no arrays", {source: "utc"}, "policy takes no arrays: utc"],
    ["a value that no column holds", {values: with_(day(24), 5, 9223372036854775807n)}, "value out of range"],
    ["a negative one", {values: with_(day(24), 5, -9223372036854775808n)}, "value out of range"]
  ];
  const days = cases.map(
    ([, row], index): DayRow => ({source: "eliq", meter: `m${index}`, date: "2022-07-01", values: day(24), ...row})
  );
  let found: Awaited<ReturnType<typeof run>>;
  beforeAll(async () => {
    found = await run({days});
  });

  it.each(cases.map(([name, , reason], index) => [name, reason, index] as const))("for %s", (_, reason, index) => {
    expect(found.rejects).toHaveLength(cases.length);
    const {values} = days[index]!;
    expect(found.rejects[index]).toMatchObject({reason, raw: values && `[${values.join(",")}]`});
  });

  it("and none of its values is placed", () => {
    const count = days.reduce((sum, {values}) => sum + (values?.length ?? 0), 0);
    expect(found.total).toMatchObject({values_in: count, rejected: count, placed: 0, readings: 0});
  });
});

describe("a value is rejected, and the rest of its day placed", () => {
  const cases: [string, Partial<DayRow>, string, number][] = [
    [
      "energy in the hour that doesn't exist",
      {date: "2022-03-27"},
      "energy in an hour that does not exist in Europe/Vilnius: 100",
      4
    ],
    ["a negative value", {values: with_(day(24), 6, -5)}, "negative value: -5", 7],
    ["an absurd value", {values: with_(day(24), 0, 100_001)}, "value above what its source allows: 100001", 1],
    [
      "one in a repeated hour",
      {source: "price", date: "2022-10-30", values: with_(day(24), 3, -7)},
      "negative value: -7",
      4
    ],
    [
      "one in an hour that lasts 30 minutes",
      {source: "howe", date: "2022-10-02", values: with_(day(24), 2, 60_000)},
      "value above what its source allows: 60000",
      3
    ]
  ];
  let found: Awaited<ReturnType<typeof run>>;
  beforeAll(async () => {
    const sent = {source: "eliq", date: "2022-07-01", values: day(24)};
    found = await run({days: cases.map(([, row], index) => ({...sent, meter: `m${index}`, ...row}))});
  });

  it.each(cases.map(([name, , reason, slot], index) => [name, reason, slot, index] as const))(
    "for %s",
    (_, reason, slot, index) => {
      expect(found.rejects[index]).toMatchObject({reason, slot, value_count: 1, raw: reason.split(": ").at(-1)});
      expect(found.total).toMatchObject({
        values_in: 24 * cases.length,
        rejected: cases.length,
        placed: 23 * cases.length
      });
    }
  );

  it("but a doubled hour may hold what two hours may, and a long one what 90 minutes may", async () => {
    const {total} = await run({
      days: [
        {source: "eliq", date: "2022-10-30", values: with_(day(24), 3, 200_000)},
        {source: "howe", date: "2022-04-03", values: with_(day(24), 1, 150_000)}
      ]
    });
    expect(total).toMatchObject({values_in: 48, placed: 48, readings: 49, rejected: 0});
  });

  it("and a NULL is missing where an hour is, nonexistent where none is, as 0 is", async () => {
    const spring = {source: "eliq", date: "2022-03-27"};
    const {total} = await run({
      days: [
        {...spring, meter: "a", values: with_(with_(day(24), 3, null), 4, null)},
        {...spring, meter: "b", values: with_(day(24), 3, 0)}
      ]
    });
    expect(total).toMatchObject({values_in: 48, placed: 45, missing: 1, nonexistent: 2, rejected: 0});
  });
});

describe("the same day again", () => {
  const sent = (values: DayRow["values"], arrival: number): DayRow => ({
    source: "eliq",
    date: "2022-07-01",
    values,
    arrival
  });
  const placed = () =>
    duckdb.rows("SELECT CAST(sum(energy_kwh) AS VARCHAR) AS energy_kwh, count(*) AS readings FROM silver.reading");

  it.each<[string, DayRow[], string | null, Record<string, number>]>([
    ["newer wins", [sent(day(24), 1), sent(day(24, 200), 2)], "4.800000", {superseded: 24, rejected: 0}],
    [
      "newer wins, whatever the order of the rows",
      [sent(day(24, 200), 2), sent(day(24), 1)],
      "4.800000",
      {superseded: 24}
    ],
    ["equal in one file collapses", [sent(day(24), 1), sent(day(24), 1)], "2.400000", {superseded: 24, rejected: 0}],
    [
      "different in one file: both rejected",
      [sent(day(24), 1), sent(day(24, 200), 1)],
      null,
      {superseded: 0, rejected: 48}
    ],
    [
      "different in a newer file: the older stands",
      [sent(day(24), 1), sent(day(24, 2), 2), sent(day(24, 3), 2)],
      "2.400000",
      {superseded: 0, rejected: 48}
    ],
    [
      "a rejected correction supersedes nothing",
      [sent(day(24), 1), sent(day(22), 2)],
      "2.400000",
      {superseded: 0, rejected: 22}
    ],
    ["A, B, A", [sent(day(24), 1), sent(day(24, 200), 2), sent(day(24), 3)], "2.400000", {superseded: 48, rejected: 0}]
  ])("%s", async (_, days, energy_kwh, counts) => {
    const {total} = await run({days});
    expect(total).toMatchObject(counts);
    expect(await placed()).toEqual([{energy_kwh, readings: energy_kwh === null ? 0n : 24n}]);
  });
});

describe("a labelled value is rejected", () => {
  const cases: [string, Partial<IntervalRow>, string][] = [
    ["a label that isn't one", {label: "yesterday"}, "label unreadable: yesterday"],
    ["a date that isn't one", {label: "2022-02-30 03:00"}, "label unreadable: 2022-02-30 03:00"],
    ["an hour that isn't one", {label: "2022-07-01 25:00"}, "label unreadable: 2022-07-01 25:00"],
    ["a letter where none is due", {label: "2022-07-01 03:00A"}, "label unreadable: 2022-07-01 03:00A"],
    ["an offset that no zone has", {label: "2022-07-01 03:00+15:00"}, "label unreadable: 2022-07-01 03:00+15:00"],
    ["no label", {label: null}, "start missing"],
    ["a date of another age", {label: "1922-07-01 03:00"}, "date outside 1970 to 2100: 1922-07-01 03:00"],
    ["an unknown resolution", {resolution: "45min"}, "unknown resolution: 45min"],
    ["no meter", {meter: null}, "meter id missing"],
    ["a fault that its reader found", {also: {problem: "blocks disagree"}}, "blocks disagree"],
    ["a label off the grid", {label: "2022-07-01 03:10"}, "label not on the 60-minute grid: 2022-07-01 03:10"],
    ["a negative value", {value: "-1.5"}, "negative value: -1.500000"],
    ["an absurd value", {value: "100.000001"}, "value above what its source allows: 100.000001"],
    ["a value that no column holds", {value: "999999999999.999999"}, "value is too large: 999999999999.999999"],
    [
      "an hour that never was",
      {label: "2022-03-27 03:00"},
      "label of an interval that never happened in Europe/Vilnius: 2022-03-27 03:00"
    ],
    [
      "energy in one, where slots are fixed",
      {source: "fixed", label: "2022-03-27 03:00"},
      "energy in an hour that does not exist in Europe/Vilnius: 2022-03-27 03:00"
    ],
    [
      "an untrue offset",
      {source: "offset", label: "2022-07-01T03:00+02:00"},
      "label of an interval that never happened in Europe/Vilnius: 2022-07-01T03:00+02:00"
    ],
    ["no offset", {source: "offset", label: "2022-07-01T03:00"}, "label has no offset: 2022-07-01T03:00"],
    [
      "an instant off every grid",
      {source: "utc", label: "2022-07-01T03:10Z"},
      "label not on the 60-minute grid: 2022-07-01T03:10Z"
    ],
    ["a doubled hour without its letter", {source: "ab", label: "2022-10-30 3"}, "label happened twice: 2022-10-30 3"],
    [
      "a letter where nothing doubled",
      {source: "ab", label: "2022-07-01 3B"},
      "label of an interval that never happened in Europe/Vilnius: 2022-07-01 3B"
    ]
  ];
  let found: Awaited<ReturnType<typeof run>>;
  beforeAll(async () => {
    const sent = {source: "order", label: "2022-07-01 03:00", value: "1"};
    found = await run({intervals: cases.map(([, row], index) => ({...sent, meter: `m${index}`, ...row}))});
  });

  it.each(cases.map(([name, , reason], index) => [name, reason, index] as const))("for %s", (_, reason, index) => {
    expect(found.reasons[index]).toBe(reason);
    expect(found.total).toMatchObject({values_in: cases.length, rejected: cases.length, placed: 0});
  });

  it("when one file tells it twice, differently; and a newer file wins", async () => {
    const sent = (value: string, arrival: number): IntervalRow => ({
      source: "drops",
      label: "2022-07-01 03:00",
      value,
      arrival
    });
    expect((await run({intervals: [sent("1", 1), sent("2", 1)]})).total).toMatchObject({rejected: 2, placed: 0});
    expect((await run({intervals: [sent("1", 1), sent("1", 1)]})).total).toMatchObject({superseded: 1, placed: 1});
    expect((await run({intervals: [sent("1", 1), sent("2", 2), sent("3", 2)]})).total).toMatchObject({
      rejected: 2,
      placed: 1
    });
    expect((await run({intervals: [sent("1", 1), sent("2", 2)]})).total).toMatchObject({superseded: 1, placed: 1});
    expect(await duckdb.rows("SELECT CAST(energy_kwh AS VARCHAR) AS energy_kwh FROM silver.reading")).toEqual([
      {energy_kwh: "2.000000"}
    ]);
  });

  it.each([
    ["first", [1, 2]],
    ["second", [2, 1]]
  ])("not in a doubled hour of pairs whose %s rows are the first time, as the end of 03:45 shows", async (_, times) => {
    // The first 03:45 ends at 03:00, the second at 04:00. The value of a row is the time that it means.
    const intervals = ["03:00", "03:15", "03:30", "03:45"].flatMap((start, index, starts) =>
      times.map(
        (time): IntervalRow => ({
          source: "paired",
          label: null,
          resolution: "15min",
          value: String(time),
          also: {
            interval_start: `2022-10-30 ${start}`,
            interval_end: `2022-10-30 ${starts[index + 1] ?? (time === 1 ? "03:00" : "04:00")}`
          }
        })
      )
    );
    expect((await run({intervals})).total).toMatchObject({placed: 8, rejected: 0});
    expect(
      await duckdb.rows(
        "SELECT CAST(hour_start AS VARCHAR) AS hour, CAST(energy_kwh AS VARCHAR) AS energy_kwh, count(*)::INT AS count FROM silver.reading GROUP BY ALL ORDER BY ALL"
      )
    ).toEqual([
      {hour: "2022-10-30 00:00:00+00", energy_kwh: "1.000000", count: 4},
      {hour: "2022-10-30 01:00:00+00", energy_kwh: "2.000000", count: 4}
    ]);
  });

  it("when its sender made a newer version of it, in whatever order they arrive", async () => {
    const sent = (value: string, arrival: number, revised_at: string | null): IntervalRow => ({
      source: "drops",
      label: "2022-07-01 03:00",
      value,
      arrival,
      also: revised_at === null ? {} : {revised_at}
    });
    const [older, newer] = ["2022-07-02T08:00:00Z", "2022-07-02 10:00:00+01:00"];
    const kept = async (...intervals: IntervalRow[]) => {
      const {total} = await run({intervals});
      expect(total).toMatchObject({placed: 1, superseded: intervals.length - 1});
      const rows = await duckdb.rows<{energy_kwh: string}>(
        "SELECT CAST(energy_kwh AS VARCHAR) AS energy_kwh FROM silver.reading"
      );
      return rows.map(({energy_kwh}) => energy_kwh);
    };
    expect(await kept(sent("1", 1, older), sent("2", 2, newer))).toEqual(["2.000000"]);
    expect(await kept(sent("2", 1, newer), sent("1", 2, older))).toEqual(["2.000000"]);
    expect(await kept(sent("1", 1, older), sent("2", 1, newer))).toEqual(["2.000000"]);
    // Of versions that don't say when they were made the last to arrive counts, but none that another replaces.
    expect(await kept(sent("3", 1, null), sent("2", 2, newer), sent("1", 3, older))).toEqual(["2.000000"]);
    expect(await kept(sent("2", 1, newer), sent("3", 2, null))).toEqual(["3.000000"]);
    const unread = await run({intervals: [sent("1", 1, "last week")]});
    expect(unread.reasons).toEqual(["time of revision unreadable: last week"]);
  });

  it("not when two sources tell it, one by its label and one by its instant: the newer wins", async () => {
    const intervals: IntervalRow[] = [
      {source: "drops", label: "2022-07-01 03:00", value: "1", arrival: 1},
      {source: "utc", label: "2022-07-01 00:00Z", value: "2", arrival: 2},
      {source: "utc", label: "2022-07-01 01:00Z", value: "3", arrival: 2}
    ];
    expect((await run({intervals})).total).toMatchObject({values_in: 3, superseded: 1, placed: 2, rejected: 0});
    expect(
      await duckdb.rows("SELECT CAST(energy_kwh AS VARCHAR) AS energy_kwh FROM silver.reading ORDER BY interval_start")
    ).toEqual([{energy_kwh: "2.000000"}, {energy_kwh: "3.000000"}]);
  });

  const order = (...labels: string[]) =>
    labels.map((label, index): IntervalRow => ({source: "order", label, value: String(index + 1)}));

  it.each<[string, string[], string[]]>([
    [
      "came three times",
      ["2022-10-30 02:00", "2022-10-30 03:00", "2022-10-30 03:00", "2022-10-30 03:00"],
      Array(3).fill("label came more often than it happened: 2022-10-30 03:00")
    ],
    [
      "came once",
      ["2022-10-30 02:00", "2022-10-30 03:00", "2022-10-30 04:00"],
      ["label happened twice and came once, which time is not known: 2022-10-30 03:00"]
    ],
    [
      "came twice, among rows in no order",
      ["2022-10-30 05:00", "2022-10-30 03:00", "2022-10-30 01:00", "2022-10-30 03:00", "2022-10-30 04:00"],
      Array(2).fill("label happened twice, and the rows around it are in no order: 2022-10-30 03:00")
    ],
    [
      "came twice, and nothing around it",
      ["2022-10-30 03:00", "2022-10-30 03:00"],
      Array(2).fill("label happened twice, and no rows around it show which time it means: 2022-10-30 03:00")
    ]
  ])("each row of a label that happened twice and %s", async (_, labels, expected) => {
    const {total, reasons} = await run({intervals: order(...labels)});
    expect(reasons).toEqual(expected);
    expect(total).toMatchObject({values_in: labels.length, placed: labels.length - expected.length});
  });
});

it("keeps ids of any letters apart and as they are", async () => {
  const meters = ["o'brien", 'say "hi"', "a b", "a/b", "100%", "žalgiris", "..", "日本"];
  await run({
    days: meters.map((meter) => ({source: "eliq", client_id: meter, meter, date: "2022-07-01", values: day(24)}))
  });
  const found = await duckdb.rows(
    "SELECT client_id, meter_id FROM gold.energy_day WHERE CAST(energy_kwh AS VARCHAR) = '2.400000'"
  );
  expect(found.map(({meter_id}) => meter_id).sort()).toEqual([...meters].sort());
  expect(found.every(({client_id, meter_id}) => client_id === meter_id)).toBe(true);
});
