import type {Source} from "../../pipelines/sources/source.js";

const metered = {unit: "Wh", fuel: "electricity", channel: "consumption"} as const;

/** Clients that differ in all that a source can: zone, policy, shape, resolution, unit, fuel, channel, day start. */
export const sources: readonly Source[] = [
  {
    name: "vilnius",
    folder: "vilnius",
    format: "eliq_daily",
    timeZone: "Europe/Vilnius",
    policy: "fixed_slots_sum_double",
    ...metered
  },
  {
    name: "london_gas",
    folder: "london-gas",
    format: "eliq_daily",
    timeZone: "Europe/London",
    policy: "variable_length",
    dayStart: "06:00",
    unit: "kWh",
    fuel: "gas",
    channel: "import"
  },
  {
    name: "lord_howe",
    folder: "lord howe",
    format: "eliq_daily",
    timeZone: "Australia/Lord_Howe",
    policy: "fixed_slots_skip_sum_double",
    ...metered
  },
  {
    name: "sao_paulo",
    folder: "são-paulo",
    format: "interval_row",
    clientId: "cliente 1",
    timeZone: "America/Sao_Paulo",
    policy: "label_in_order",
    labelAt: "end",
    ...metered
  },
  {
    name: "new_york",
    folder: "new-york",
    format: "interval_row",
    timeZone: "America/New_York",
    policy: "label_offset",
    unit: "kWh",
    fuel: "electricity",
    channel: "production"
  },
  {
    name: "kathmandu",
    folder: "kathmandu",
    format: "interval_row",
    clientId: "np",
    timeZone: "Asia/Kathmandu",
    policy: "utc",
    unit: "MWh",
    fuel: "district_heating",
    channel: "export"
  },
  {
    name: "berlin",
    folder: "berlin",
    format: "eliq_daily",
    timeZone: "Europe/Berlin",
    policy: "fixed_slots_repeat",
    unit: "Wh",
    fuel: "electricity",
    channel: "production"
  },
  {
    name: "oslo",
    folder: "oslo",
    format: "interval_row",
    clientId: "no",
    timeZone: "Europe/Oslo",
    policy: "label_3a_3b",
    ...metered
  },
  {
    name: "sydney",
    folder: "sydney",
    format: "interval_row",
    clientId: "au",
    timeZone: "Australia/Sydney",
    policy: "fixed_standard_time",
    ...metered
  },
  {
    name: "columbus",
    folder: "columbus",
    format: "interval_row",
    clientId: "aep",
    timeZone: "America/New_York",
    policy: "label_drops_ambiguous",
    ...metered
  },
  {
    name: "city",
    folder: "city",
    format: "interval_row",
    timeZone: "Europe/Vilnius",
    policy: "label_in_order"
  },
  {
    name: "city_gas",
    folder: "city gas",
    format: "interval_row",
    timeZone: "Europe/Vilnius",
    policy: "label_in_order",
    unit: "m3",
    fuel: "gas",
    channel: "consumption",
    calorificValueMjM3: 38.123456,
    dayStart: "06:00"
  }
];
