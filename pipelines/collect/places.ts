/** A point to collect the weather of: in degrees, north and east positive. */
export interface Point {
  readonly name: string;
  readonly latitude: number;
  readonly longitude: number;
}

/** A bidding zone to collect the day-ahead prices of. */
export interface Zone {
  readonly name: string;
  /** Its Energy Identification Code, as ENTSO-E lists them. */
  readonly eic: string;
}

/** What `npm run collect -- weather` asks for. Another place is one more line. */
export const points: readonly Point[] = [{name: "Vilnius", latitude: 54.6872, longitude: 25.2797}];

/** What `npm run collect -- prices` asks for. Another bidding zone is one more line. */
export const zones: readonly Zone[] = [{name: "LT", eic: "10YLT-1001A0008Q"}];
