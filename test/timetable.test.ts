import {describe, expect, it} from "vitest";
import {daily, dueAfter, dueBefore, problemOf, type Timetable} from "../pipelines/timetable.js";

/** The moments that runs are due on, from one on. */
function due(timetable: Timetable, from: string, count: number): string[] {
  const moments: string[] = [];
  for (let at = new Date(from); moments.length < count; ) {
    at = dueAfter(timetable, at)!;
    moments.push(at.toISOString());
  }
  return moments;
}

describe("a timetable", () => {
  it.each<[string, string, string, string, string[]]>([
    [
      "an ordinary time",
      ...["02:00", "Europe/Vilnius", "2022-06-30T12:00Z"],
      ["2022-06-30T23:00Z", "2022-07-01T23:00Z", "2022-07-02T23:00Z"]
    ],
    [
      "a time that a day skips",
      ...["03:00", "Europe/Vilnius", "2022-03-25T12:00Z"],
      ["2022-03-26T01:00Z", "2022-03-27T01:00Z", "2022-03-28T00:00Z"]
    ],
    [
      "one in the midst of what it skips",
      ...["02:30", "America/New_York", "2022-03-12T12:00Z"],
      ["2022-03-13T07:00Z", "2022-03-14T06:30Z", "2022-03-15T06:30Z"]
    ],
    [
      "one in half an hour that is skipped",
      ...["02:15", "Australia/Lord_Howe", "2022-10-01T12:00Z"],
      ["2022-10-01T15:30Z", "2022-10-02T15:15Z", "2022-10-03T15:15Z"]
    ],
    [
      "midnight, skipped",
      ...["00:00", "America/Sao_Paulo", "2018-11-03T12:00Z"],
      ["2018-11-04T03:00Z", "2018-11-05T02:00Z", "2018-11-06T02:00Z"]
    ],
    [
      "a time that comes twice",
      ...["03:00", "Europe/Vilnius", "2022-10-29T12:00Z"],
      ["2022-10-30T00:00Z", "2022-10-31T01:00Z", "2022-11-01T01:00Z"]
    ],
    [
      "midnight, twice",
      ...["00:00", "America/Havana", "2022-11-05T12:00Z"],
      ["2022-11-06T04:00Z", "2022-11-07T05:00Z", "2022-11-08T05:00Z"]
    ],
    [
      "UTC, which skips nothing",
      ...["02:00", "UTC", "2022-03-26T12:00Z"],
      ["2022-03-27T02:00Z", "2022-03-28T02:00Z", "2022-03-29T02:00Z"]
    ]
  ] as [string, string, string, string, string[]][])("keeps %s once a day", (_, time, zone, from, expected) => {
    expect(due(daily(time, zone), from, 3)).toEqual(expected.map((text) => new Date(text).toISOString()));
  });

  it("comes once on each local day of a year", () => {
    for (const [zone, time] of [
      ["Australia/Lord_Howe", "02:15"],
      ["Africa/Cairo", "00:00"]
    ] as const) {
      const day = new Intl.DateTimeFormat("sv", {timeZone: zone});
      const dates = due(daily(time, zone), "2023-01-01T12:00:00Z", 364).map((moment) => day.format(new Date(moment)));
      expect(new Set(dates).size, `${zone} ${time}`).toBe(364);
    }
  });

  it("knows the last moment, the present one included", () => {
    const timetable = daily("02:00", "UTC");
    expect(dueBefore(timetable, new Date("2022-03-27T01:59:59Z"))).toEqual(new Date("2022-03-26T02:00Z"));
    expect(dueBefore(timetable, new Date("2022-03-27T02:00:00Z"))).toEqual(new Date("2022-03-27T02:00Z"));
  });

  it("that can't be kept is refused by what is wrong with it", () => {
    expect(problemOf(daily("02:00", "Europe/Vilnius"))).toBeUndefined();
    expect(problemOf(daily("02:00", "Europe/Wilna"))).toMatch(/^not a time zone: Europe\/Wilna;/);
    expect(problemOf({pattern: "61 * * * *", zone: "UTC"})).toMatch(/^not a cron pattern: 61 \* \* \* \*: /);
    expect(problemOf({pattern: "0 0 31 2 *", zone: "UTC"})).toMatch(/^cron pattern that never comes/);
  });
});
