import {DateTime} from "luxon";
import {dice} from "../dice.js";

/** The client whose homes they are. */
export const cityClient = "city";

/** How long an interval of a meter's is: whole minutes, a local day or a local month. */
export type Resolution = 15 | 30 | 60 | "day" | "month";

/** What a home is, and what its meters say of it. All whole numbers, so that every machine makes the same of them. */
export interface Home {
  /** From 1. */
  readonly home: number;
  /** What its dice begin with, below 2^31. */
  readonly key: number;
  readonly location_id: string;
  readonly dwelling_type: string;
  readonly floor_area_m2: number;
  readonly year_built: number;
  readonly occupants: number;
  readonly heating_type: "heat_pump" | "electric" | "gas_boiler" | "district_heating";
  /** Tenths of a watt that it loses for each kelvin between inside and outside. */
  readonly loss: number;
  readonly has_cooling: boolean;
  /** Tenths of a kWp; 0 without panels. */
  readonly solar: number;
  readonly solar_tilt_deg: number;
  readonly solar_azimuth_deg: number;
  readonly has_production_meter: boolean;
  /** Watts of its charger; 0 without a car. */
  readonly charger_w: number;
  /** The local date from which there is a car. */
  readonly ev_from: string;
  readonly electricity: Resolution;
  readonly electricity_unit: "Wh" | "kWh";
  /** The other fuel's meter, where there is one. */
  readonly fuel?: "gas" | "district_heating";
  readonly fuel_resolution?: 60 | "day" | "month";
  readonly fuel_unit?: "kWh" | "MWh" | "MJ" | "m3";
  /** Whether its starts are UTC's; with their local offset otherwise. */
  readonly is_utc: boolean;
  /** Whether its rows say their end instead of their resolution. */
  readonly has_end: boolean;
}

type Kind = Pick<Home, "dwelling_type" | "heating_type" | "electricity" | "electricity_unit"> &
  Partial<Pick<Home, "fuel" | "fuel_resolution" | "fuel_unit" | "has_production_meter" | "has_end" | "is_utc">> & {
    readonly panels?: boolean;
    readonly car?: boolean;
    readonly cooled?: boolean;
  };

/** The first ten homes are one of each kind, and so is every ten after them. */
const kinds: readonly Kind[] = [
  {
    dwelling_type: "apartment",
    heating_type: "district_heating",
    electricity: 60,
    electricity_unit: "kWh",
    fuel: "district_heating",
    fuel_resolution: 60,
    fuel_unit: "kWh"
  },
  {
    dwelling_type: "house",
    heating_type: "gas_boiler",
    electricity: 30,
    electricity_unit: "Wh",
    fuel: "gas",
    fuel_resolution: "day",
    fuel_unit: "m3",
    panels: true,
    has_production_meter: true
  },
  {
    dwelling_type: "house",
    heating_type: "heat_pump",
    electricity: 15,
    electricity_unit: "kWh",
    panels: true,
    car: true,
    is_utc: true
  },
  {
    dwelling_type: "apartment",
    heating_type: "district_heating",
    electricity: 60,
    electricity_unit: "Wh",
    fuel: "district_heating",
    fuel_resolution: "month",
    fuel_unit: "MWh",
    has_end: true
  },
  {
    dwelling_type: "row_house",
    heating_type: "gas_boiler",
    electricity: 30,
    electricity_unit: "kWh",
    fuel: "gas",
    fuel_resolution: 60,
    fuel_unit: "kWh",
    is_utc: true
  },
  {
    dwelling_type: "house",
    heating_type: "gas_boiler",
    electricity: 60,
    electricity_unit: "kWh",
    fuel: "gas",
    fuel_resolution: "month",
    fuel_unit: "m3",
    panels: true
  },
  {
    dwelling_type: "apartment",
    heating_type: "district_heating",
    electricity: "day",
    electricity_unit: "kWh",
    fuel: "district_heating",
    fuel_resolution: "day",
    fuel_unit: "MJ"
  },
  {
    dwelling_type: "house",
    heating_type: "heat_pump",
    electricity: 60,
    electricity_unit: "Wh",
    panels: true,
    has_production_meter: true,
    car: true,
    cooled: true,
    is_utc: true
  },
  {
    dwelling_type: "apartment",
    heating_type: "electric",
    electricity: "month",
    electricity_unit: "kWh"
  },
  {
    dwelling_type: "row_house",
    heating_type: "electric",
    electricity: 30,
    electricity_unit: "Wh",
    cooled: true,
    has_end: true
  }
];

/** Home number `home` of a city, from 1: the same in a city of any size. Of two dates, a new car comes between them. */
export function homeOf(home: number, seed: number, from: string, to: string): Home {
  const {panels, car, cooled, ...kind} = kinds[(home - 1) % kinds.length]!;
  const roll = (what: number, least: number, most: number) => least + (dice(seed, home, what) % (most - least + 1));
  const isHouse = kind.dwelling_type !== "apartment";
  const area = isHouse ? roll(1, 90, 220) : roll(1, 35, 95);
  const year = roll(2, 1950, 2020);
  // A house of 1950 loses about 2 W/K for each m2, one of 2020 0.6; flats lose through fewer walls.
  const perArea = (200 - 2 * (year - 1950)) * (isHouse ? 1 : 0.6);
  const days = Math.round(DateTime.fromISO(to).diff(DateTime.fromISO(from), "days").days);
  const comesLate = car && kind.electricity === 60;
  return {
    home,
    key: dice(seed, home, 0) % 2147483647,
    location_id: `home-${String(home).padStart(5, "0")}`,
    floor_area_m2: area,
    year_built: year,
    occupants: roll(3, 1, isHouse ? 5 : 3),
    loss: Math.round((area * perArea) / 10),
    has_cooling: cooled ?? false,
    solar: panels ? roll(4, 30, 100) : 0,
    solar_tilt_deg: panels ? 35 : 0,
    solar_azimuth_deg: panels ? [90, 180, 270][roll(5, 0, 2)]! : 0,
    has_production_meter: false,
    charger_w: car ? [3700, 7400, 11000][roll(6, 0, 2)]! : 0,
    ev_from: comesLate
      ? DateTime.fromISO(from)
          .plus({days: Math.floor(days / 2)})
          .toISODate()!
      : "2020-01-01",
    is_utc: false,
    has_end: false,
    ...kind
  };
}

/** The documents of a home, oldest first: one, and another from the day on which it gets a car. */
export function documentsOf(home: Home, seed: number): Readonly<Record<string, unknown>>[] {
  const somewhere = (what: number, middle: number, width: number) =>
    Number((middle + width * (dice(seed, home.home, what) / 2 ** 31 - 1)).toFixed(4));
  const base = {
    client_id: cityClient,
    location_id: home.location_id,
    valid_from: "2020-01-01",
    latitude: somewhere(20, 54.69, 0.06),
    longitude: somewhere(21, 25.27, 0.1),
    country: "LT",
    time_zone: cityZone,
    dwelling_type: home.dwelling_type,
    floor_area_m2: home.floor_area_m2,
    year_built: home.year_built,
    occupants: home.occupants,
    heating_type: home.heating_type,
    hot_water_type: home.heating_type === "heat_pump" ? "electric" : home.heating_type,
    ...(home.solar > 0 && {
      solar_kwp: home.solar / 10,
      solar_tilt_deg: home.solar_tilt_deg,
      solar_azimuth_deg: home.solar_azimuth_deg
    }),
    battery_kwh: null,
    has_ev: home.charger_w > 0 && home.ev_from === "2020-01-01",
    has_cooling: home.has_cooling
  };
  return home.charger_w > 0 && home.ev_from !== "2020-01-01"
    ? [base, {...base, valid_from: home.ev_from, has_ev: true}]
    : [base];
}

/** The city's clock. */
export const cityZone = "Europe/Vilnius";
