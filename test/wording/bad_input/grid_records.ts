import {type BadFile, fileOfRows} from "./bad_file.js";

const list = "silver.record_reject";

const load = fileOfRows(
  "load/rows.csv",
  list,
  {above: "GR_NAME;PL_T;P+;OBJ_COUNT", good: "Good;2022-03-27 00:00:00;1,5;7"},
  [
    ["a load's value in words", "L1;2022-03-27 00:00:00;many;7", "value is no number: many"],
    ["a load without a value", "L2;2022-03-27 00:00:00;;7", "value missing"],
    ["a load below zero", "L3;2022-03-27 00:00:00;-1,5;7", "negative value: -1,5"],
    [
      "a load that no grid carries",
      "L4;2022-03-27 00:00:00;100001,5;7",
      "value above what its source allows: 100001,5"
    ],
    ["a count in words", "L5;2022-03-27 00:00:00;1,5;seven", "count is no whole number: seven"],
    ["a load at half past", "L6;2022-03-27 09:30:00;1,5;7", "label not on the hour: 2022-03-27 09:30:00"],
    ["a load on a day that its month hasn't", "L7;2022-02-29 09:00:00;1,5;7", "label unreadable: 2022-02-29 09:00:00"],
    ["a load of no region", ";2022-03-27 00:00:00;1,5;7", "region missing"],
    ["a load without a time", "L9;;1,5;7", "label missing"],
    ["a load of another age", "L10;1950-03-27 00:00:00;1,5;7", "date outside 1970 to 2100: 1950-03-27 00:00:00"],
    [
      "an hour of load with two values",
      "L11;2022-03-27 00:00:00;1,5;7\nL11;2022-03-27 00:00:00;2,5;7",
      "hour told twice in one file, differently: 2022-03-27 00:00:00"
    ]
  ]
);

const states = fileOfRows(
  "reliability/state/states.csv",
  list,
  {
    above:
      "State,Year,CAIDI_All_Events,CAIDI_Without_Major_Event_Days,CAIDI_Loss_of_Supply_Removed,SAIDI_All_Events,SAIDI_Without_Major_Event_Days,SAIDI_Loss_of_Supply_Removed,SAIFI_All_Events,SAIFI_Without_Major_Event_Days,SAIFI_Loss_of_Supply_Removed",
    good: "Maine,2023,100,50,80,200,75,160,2,1.5,2"
  },
  [
    [
      "a year in Roman numbers",
      "Texas,MMXXIII,100,50,80,200,75,160,2,1.5,2",
      "year unreadable, or outside 1970 to 2100: MMXXIII"
    ],
    [
      "minutes of outage with their unit",
      "Texas,2022,100,50,80,200 min,75,160,2,1.5,2",
      "saidi_all_events is no number: 200 min"
    ],
    ["fewer than no minutes of outage", "Texas,2021,100,50,80,-200,75,160,2,1.5,2", "negative value"],
    ["reliability of no state", ",2021,100,50,80,200,75,160,2,1.5,2", "area missing"],
    [
      "a year of a state with two values",
      "Idaho,2023,100,50,80,200,75,160,2,1.5,2\nIdaho,2023,100,50,80,210,75,160,2.1,1.5,2",
      "year told twice in one file, differently: Idaho 2023"
    ]
  ]
);

const utilities = fileOfRows(
  "reliability/utility/utilities.csv",
  list,
  {
    above:
      "year,utility_number,utility_name,state,saidi_with_med_minutes,saifi_with_med,saidi_without_med_minutes,saifi_without_med,customers",
    good: "2023,1,One,TX,100,1.5,80,1.2,1000"
  },
  [
    ["a utility's customers in words", "2021,1,One,TX,100,1.5,80,1.2,a few", "customers is no whole number: a few"],
    ["a utility's interruptions in words", "2020,1,One,TX,100,often,80,1.2,9", "saifi_with_med is no number: often"]
  ]
);

const sunday = (time: string) => `"Sunday, March 13, 2022",${time}`;
const event = (
  number: number | string,
  start = sunday("1:00:00 AM"),
  end = sunday("4:00:00 AM"),
  rest = "120,1.5,100,1000",
  state = "OH"
) => `,${number},2022,Ohio,${state},${start},${end},severe weather,${rest}`;
const outages = fileOfRows(
  "outages/events.csv",
  list,
  {
    above:
      "variables,OBS,YEAR,U.S._STATE,POSTAL.CODE,OUTAGE.START.DATE,OUTAGE.START.TIME,OUTAGE.RESTORATION.DATE,OUTAGE.RESTORATION.TIME,CAUSE.CATEGORY,OUTAGE.DURATION,DEMAND.LOSS.MW,CUSTOMERS.AFFECTED,TOTAL.CUSTOMERS\nUnits,,,,,,,,,mins,,Megawatt,,",
    good: event(1)
  },
  [
    [
      "an outage at a time that the clock skipped",
      event(2, sunday("2:30:00 AM")),
      "start that never happened in America/New_York: Sunday, March 13, 2022 2:30:00 AM"
    ],
    [
      "an outage that ends at a time that the clock skipped",
      event(3, sunday("1:00:00 AM"), sunday("2:30:00 AM")),
      "restoration that never happened in America/New_York: Sunday, March 13, 2022 2:30:00 AM"
    ],
    [
      "a date on another weekday",
      event(4, '"Monday, March 13, 2022",1:00:00 AM'),
      "start unreadable: Monday, March 13, 2022 1:00:00 AM"
    ],
    ["an hour of 13 PM", event(5, sunday("13:00:00 PM")), "start unreadable: Sunday, March 13, 2022 13:00:00 PM"],
    ["an outage's end in words", event(6, sunday("1:00:00 AM"), "later,soon"), "restoration unreadable: later soon"],
    [
      "a state that there isn't",
      event(7, sunday("1:00:00 AM"), sunday("4:00:00 AM"), "120,1.5,100,1000", "ZZ"),
      "state not known: ZZ"
    ],
    [
      "an outage that ends before it starts",
      event(8, sunday("1:00:00 AM"), sunday("12:30:00 AM")),
      "restored before it started: Sunday, March 13, 2022 12:30:00 AM"
    ],
    [
      "an outage's duration in words",
      event(9, undefined, undefined, "two hours,1.5,100,1000"),
      "duration is no whole number: two hours"
    ],
    ["a demand loss in words", event(10, undefined, undefined, "120,lots,100,1000"), "demand loss is no number: lots"],
    ["a demand loss below zero", event(11, undefined, undefined, "120,-1.5,100,1000"), "demand loss is negative: -1.5"],
    [
      "fewer than no customers affected",
      event(12, undefined, undefined, "120,1.5,-5,1000"),
      "customers affected is no whole number: -5"
    ],
    [
      "a utility without customers",
      event(13, undefined, undefined, "120,1.5,100,0"),
      "customers served is no whole number: 0"
    ],
    ["an outage without a number", event(""), "event number missing"],
    ["an outage's number in letters", event("x"), "event number is no whole number: x"],
    ["an outage's year in part", event(16).replace(",2022,", ",20XX,"), "year unreadable: 20XX"],
    [
      "an outage reported twice, differently",
      `${event(20)}\n${event(20, undefined, undefined, "120,1.5,101,1000")}`,
      "event told twice in one file, differently: 20"
    ]
  ]
);

const [started, restored] = ["2022-03-13T01:30:00-06:00", "2022-03-13T03:30:00-05:00"];
const interruptions = fileOfRows(
  "interruptions/log.csv",
  list,
  {
    above: "utility_id,interruption_id,started_at,restored_at,customers_interrupted,customers_served",
    good: `1,good,${started},${restored},10,1000`
  },
  [
    [
      "an interruption at a local time",
      `1,a,2022-03-13T01:30:00,${restored},10,1000`,
      "start without an offset: 2022-03-13T01:30:00"
    ],
    [
      "an interruption that ends at a local time",
      `1,b,${started},2022-03-13T03:30:00,10,1000`,
      "restoration without an offset: 2022-03-13T03:30:00"
    ],
    [
      "an interruption on no day",
      `1,c,2022-02-29T01:30:00-06:00,${restored},10,1000`,
      "start unreadable: 2022-02-29T01:30:00-06:00"
    ],
    ["an interruption without an end", `1,d,${started},,10,1000`, "restoration unreadable: none"],
    [
      "an interruption that ends before it starts",
      `1,e,${started},2022-03-13T01:29:00-06:00,10,1000`,
      "restored before it started: 2022-03-13T01:29:00-06:00"
    ],
    [
      "interrupted customers in words",
      `1,f,${started},${restored},ten,1000`,
      "customers interrupted is no whole number: ten"
    ],
    [
      "more customers interrupted than there are",
      `1,g,${started},${restored},1001,1000`,
      "more customers interrupted than served: 1001"
    ],
    [
      "an interruption of a utility without customers",
      `1,h,${started},${restored},10,0`,
      "customers served is no whole number: 0"
    ],
    ["an interruption of no utility", `,i,${started},${restored},10,1000`, "utility missing"],
    ["an interruption without an id", `1,,${started},${restored},10,1000`, "interruption id missing"],
    [
      "an interruption of another age",
      "1,k,1922-03-13T01:30:00-06:00,1922-03-13T03:30:00-06:00,10,1000",
      "date outside 1970 to 2100: 1922-03-13T01:30:00-06:00"
    ]
  ]
);

/** The load of a grid, and what failed in it. */
export const gridRecords: readonly BadFile[] = [load, states, utilities, outages, interruptions];
