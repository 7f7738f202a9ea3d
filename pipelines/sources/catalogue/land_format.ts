import {statSync} from "node:fs";
import {basename} from "node:path";
import {deliver} from "../delivery.js";
import {type Dock, fitOf} from "../fit.js";
import {FileReading} from "../formats/file_reading.js";
import {defaultLimits} from "../formats/limits.js";
import type {Delivery, Handover} from "../handover.js";
import {defaultColumns, type RowDefaults} from "../landed.js";
import {isMetered, settingsOf} from "../source.js";
import {type FormatKind, type KnownFormat, openSettings, type SaidSettings, sourceOfFormat} from "./known_format.js";

/** What is said of files of a known format as they are landed. */
export interface Said {
  readonly client: string;
  /** By the column of `bronze.interval_row`, what the rows leave empty. */
  readonly defaults?: Omit<RowDefaults, "client_id">;
  readonly settings?: SaidSettings;
}

const options = {timeZone: "--tz", policy: "--policy", channel: "--channel"} as const;

/** Lands a file of a known format. */
export async function landFormat(dock: Dock, format: KnownFormat, file: string, said: Said): Promise<Delivery> {
  const {source, parcel, client} = await handoverOf(dock, format, file, said);
  return deliver(dock, source, parcel, client);
}

/**
 * As what a file of a known format lands: of the format's kinds it is of the first that it fits.
 *
 * @throws Error with `usage` as its cause when something is not said that the format leaves open, or can't be right
 */
export async function handoverOf(dock: Dock, format: KnownFormat, file: string, said: Said): Promise<Handover> {
  const {client} = said;
  const isFile = statSync(file, {throwIfNoEntry: false})?.isFile() === true;
  const reading = () => new FileReading(file, dock.limits ?? defaultLimits);
  const zone = isFile ? await zoneFound(format, reading(), said) : undefined;
  const settings: SaidSettings = {...(zone && {timeZone: zone}), ...said.settings};
  const kinds = format.kinds.map((kind) => ({kind, source: sourceOfFormat(format, kind, settings)}));
  const [first] = kinds as [(typeof kinds)[number]];
  refuseOpen(format, first.kind, settings, said.defaults ?? {});
  for (const {source} of kinds) refuseWrong(source);
  if (isFile) await refuseUnsaid(format, reading(), said.defaults ?? {});
  const defaults = {client_id: client, ...withMeter(format, said.defaults ?? {})};
  const fits = isFile && kinds.length > 1 ? await fitOf(dock, file, kinds) : first;
  const {kind, source} = fits ?? first;
  const by = {name: format.name, ...(kind.suffix && {kind: kind.suffix}), ...(hasAny(settings) && {settings})};
  return {source, parcel: {file, defaults: inOrder(defaults), format: by}, client};
}

async function zoneFound({zoneOf}: KnownFormat, reading: FileReading, {settings}: Said): Promise<string | undefined> {
  return settings?.timeZone === undefined ? zoneOf?.(reading) : undefined;
}

function refuseOpen(
  {name, title, asks = []}: KnownFormat,
  kind: FormatKind,
  settings: SaidSettings,
  defaults: RowDefaults
): void {
  const words = {
    timeZone: "its time zone",
    policy: "its policy for the days that the clock changes",
    channel: "its channel"
  } as const;
  const open = [...openSettings(kind, settings), ...asks.filter((column) => defaults[column] === undefined)];
  if (open.length === 0) return;
  const missing = open.map((setting) => `${words[setting]} (${options[setting]})`).join(" and ");
  throw new Error(`${name} leaves open ${missing}: files of ${title} don't state it`, {cause: "usage"});
}

/** @throws Error with `usage` as its cause when a file leaves empty what its format's files mostly state, and nothing says it */
async function refuseUnsaid({asksFor}: KnownFormat, reading: FileReading, defaults: RowDefaults): Promise<void> {
  const asked = await asksFor?.(reading);
  const unsaid = asked?.columns.filter((column) => defaults[column] === undefined) ?? [];
  if (unsaid.length === 0) return;
  const words = unsaid.map((column) => `its ${column} (--${column})`).join(" and ");
  throw new Error(`${basename(reading.file)} leaves open ${words}: ${asked!.reason}`, {cause: "usage"});
}

/** @throws Error with `usage` as its cause when a setting can't be right */
function refuseWrong(source: ReturnType<typeof sourceOfFormat>): void {
  try {
    if (isMetered(source)) settingsOf(source);
  } catch (error) {
    throw new Error((error as Error).message.replace(/^source \w+: /, ""), {cause: "usage"});
  }
}

/** A file that names no meter has one, which goes by its location's name unless it is said. */
function withMeter({name, namesMeter}: KnownFormat, defaults: RowDefaults): RowDefaults {
  const meter = defaults.meter_id ?? defaults.location_id;
  if (namesMeter === "always") return defaults;
  if (meter === undefined && namesMeter === "never")
    throw new Error(`files of ${name} name no meter: say it with --meter, or where it is with --location`, {
      cause: "usage"
    });
  return {...defaults, ...(meter !== undefined && {meter_id: meter})};
}

function inOrder(defaults: RowDefaults): RowDefaults {
  return Object.fromEntries(defaultColumns.flatMap((column) => (defaults[column] ? [[column, defaults[column]]] : [])));
}

function hasAny(settings: SaidSettings): boolean {
  return Object.keys(settings).length > 0;
}
