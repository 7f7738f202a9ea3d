import type {FileReading} from "../formats/file_reading.js";
import type {MeterSource, Source} from "../source.js";

/** A format that utilities and libraries give people: `land` brings such a file in without a source of its own. */
export interface KnownFormat {
  /** As `land` calls it: `low-carbon-london`. */
  readonly name: string;
  /** As its users call it. */
  readonly title: string;
  /** How its files are to be understood. Where it comes in several kinds, a file is of the first that it fits. */
  readonly kinds: readonly FormatKind[];
  /** Whether its files name their meter: always, never, or some do. */
  readonly namesMeter: "always" | "never" | "sometimes";
  /** Columns of `bronze.interval_row` that its files leave empty, so that they have to be said. */
  readonly asks?: readonly "channel"[];
  /** Columns of `bronze.interval_row` that this one of its files leaves empty, so that they have to be said, and why. */
  readonly asksFor?: (
    reading: FileReading
  ) => Promise<{columns: readonly ("unit" | "channel")[]; reason: string} | undefined>;
  /** The zone that a file itself states; undefined where it states none. */
  readonly zoneOf?: (reading: FileReading) => Promise<string | undefined>;
}

export interface FormatKind {
  /** Parts the names of kinds: `kw`. */
  readonly suffix?: string;
  /** The settings of a source of it, without those that the format leaves open. */
  readonly settings: FormatSettings;
}

export type FormatSettings = Omit<MeterSource, "name" | "folder" | "format" | "clientId" | OpenSetting> &
  Partial<Pick<MeterSource, OpenSetting>>;

/** Settings that a format may leave open: `land` asks for them. */
type OpenSetting = "timeZone" | "policy";

/** What may be said of a file as it is landed, instead of what its format says. */
export type SaidSettings = {
  readonly [Setting in (typeof saidSettings)[number]]?: MeterSource[Setting];
};

const saidSettings = ["timeZone", "policy", "labelAt", "absentMeans"] as const;

/** By which format a landed file is read, as the manifest of the landing folder has it. */
export interface LandedFormat {
  readonly name: string;
  readonly kind?: string;
  readonly settings?: SaidSettings;
}

/** The settings that a format leaves open and nothing says. */
export function openSettings({settings}: FormatKind, said: SaidSettings): OpenSetting[] {
  return (["timeZone", "policy"] as const).filter((name) => settings[name] === undefined && said[name] === undefined);
}

/**
 * The source of the files of a format that are understood alike. What is said of them, where it differs from the format's own, is in
 * its name and its folder: `green_button_america_los_angeles`.
 */
export function sourceOfFormat(format: KnownFormat, kind: FormatKind, said: SaidSettings): Source {
  const differing = saidSettings.filter((name) => said[name] !== undefined && said[name] !== kind.settings[name]);
  const parts = [...(kind.suffix ? [kind.suffix] : []), ...differing.map((name) => slug(said[name]!))];
  const settings = {...kind.settings, ...Object.fromEntries(differing.map((name) => [name, said[name]]))};
  return {
    ...settings,
    name: [format.name.replaceAll("-", "_"), ...parts].join("_"),
    folder: [format.name, ...(parts.length > 0 ? [parts.join("_")] : [])].join("."),
    format: "interval_row"
  } as Source;
}

/** `Etc/GMT+1` as `etc_gmt_plus_1`: other zones have other slugs. */
function slug(text: string): string {
  return text
    .replaceAll("+", "_plus_")
    .replaceAll(/[^A-Za-z0-9]+/g, "_")
    .toLowerCase();
}

/** The sources of the files that came in by a format, each once. */
export function sourcesOfFormats(
  landed: readonly {readonly format?: LandedFormat}[],
  formats: readonly KnownFormat[]
): Source[] {
  const sources = new Map<string, Source>();
  for (const {format: by} of landed) {
    if (!by) continue;
    const format = formats.find(({name}) => name === by.name);
    const kind = format?.kinds.find(({suffix}) => suffix === by.kind);
    // A format of a newer program: its files are those of a source that is no longer defined.
    if (!format || !kind) continue;
    const source = sourceOfFormat(format, kind, by.settings ?? {});
    sources.set(source.name, source);
  }
  return [...sources.values()];
}
