import {z} from "zod";
import {policies} from "../calendar/policy.js";
import {didYouMean} from "../models/near.js";
import {type Limits, largestElementMiB} from "./formats/limits.js";
import {intervalColumns} from "./shape.js";
import {decimalMarks, fileFormats, labelsAt, type MeterSource, type Source, timeFormats, units} from "./source.js";

const folderPart = String.raw`[^._\\/:*?"<>|\s\p{Cc}]([^\\/:*?"<>|\p{Cc}]*[^\\/:*?"<>|\s\p{Cc}])?`;
const folderPattern = new RegExp(`^${folderPart}(/${folderPart})*$`, "u");

const columnName = z
  .union([z.string().min(1), z.array(z.string().min(1)).min(1)])
  .describe("A column of the file, by its name or by any of several. Case and the number of spaces don't count.");

const columnRule = z.strictObject({
  column: columnName.optional(),
  join: z.array(columnName).min(1).optional().describe("Columns whose texts are joined, such as a date and a time."),
  separator: z.string().optional().describe("What stands between joined texts; a space by default."),
  constant: z.string().optional().describe("The same text for every row."),
  above: columnName.optional().describe("A name above the header, whose text stands beside or below it."),
  values: z.record(z.string(), z.string().nullable()).optional().describe("What the sender's texts mean."),
  others: z.enum(["reject", "keep"]).optional().describe("What becomes of a text that values doesn't have."),
  plusMinutes: z.number().int().optional().describe("Minutes to add to a time, 1 where an end is inclusive."),
  step: z.boolean().optional().describe("Of resolution: the length is the step from one instant to the next."),
  difference: z
    .strictObject({checkedBy: columnName.optional()})
    .optional()
    .describe("Of value: the difference to the hour before, of a sum that only grows."),
  hourOfDay: columnName.optional().describe("Of label: the column of the date, where the hour is a number, 1 to 24."),
  optional: z.boolean().optional().describe("Whether a file may lack the column.")
});

const origin = z.union([columnName, columnRule]);

const categoryValue = z.partialRecord(z.enum([...intervalColumns, "meter_suffix"]), z.string());

/** Each setting of a source as `sources.json` may hold it: a setting without a line here doesn't compile. */
const settings = {
  name: z
    .string()
    .regex(/^[a-z][a-z0-9_]*$/, "a source's name is lower case letters, digits and _, a letter first")
    .describe("Names the source in every table, such as acme."),
  folder: z
    .string()
    .regex(
      folderPattern,
      "a folder is a relative path with / such as acme/meters, and no part of it begins with . or _"
    )
    .describe("The folder under the landing folder that holds the source's files, at any depth."),
  format: z
    .union([z.string(), z.array(z.string()).min(1)])
    .describe(
      "The Bronze model that reads its files, such as interval_row for sql/bronze/interval_row.sql; or several."
    ),
  clientId: z
    .string()
    .regex(/^\P{Cc}+$/u, "a client is named by a text without control characters")
    .optional()
    .describe("The client whose data it is, where the files don't name one."),
  decimalMark: z
    .enum(decimalMarks)
    .optional()
    .describe("The decimal mark of its text files; without it, each file is read by the mark that its values prove."),
  timeZone: z.string().describe("The IANA time zone of the meters, such as Europe/Vilnius."),
  policy: z
    .enum(Object.keys(policies) as [keyof typeof policies])
    .describe("What the sender does on the days of 23 and 25 hours; README.md lists the policies."),
  unit: z.enum(units).optional().describe("The unit of the values, where the rows don't name it."),
  fuel: z
    .enum(["electricity", "gas", "district_heating"])
    .optional()
    .describe("The fuel, where the rows don't name it."),
  channel: z
    .enum(["import", "export", "production", "consumption"])
    .optional()
    .describe("The channel, where the rows don't name it."),
  calorificValueMjM3: z.number().optional().describe("The energy in a cubic metre of the gas, in MJ."),
  fileFormat: z.enum(fileFormats).optional().describe("How its files are written, where they are no tables of rows."),
  labelAt: z
    .enum(labelsAt)
    .optional()
    .describe(
      "What a label names: the start of its interval (default), the local time of the instant at which it ends (end), " +
        "or the start's label plus the interval (end_by_clock)."
    ),
  timeFormat: z
    .enum(timeFormats)
    .optional()
    .describe("How times are written, such as day_first for 31-01-2024 00:30; iso by default."),
  dayStart: z.string().optional().describe("The local time at which the sender's day starts, such as 06:00 for gas."),
  maxKwhPerHour: z
    .number()
    .positive()
    .lt(200_000_000)
    .optional()
    .describe("An interval above this is rejected; 100,000 kWh an hour by default."),
  maxRolloverKwhPerHour: z
    .number()
    .positive()
    .lt(200_000_000)
    .optional()
    .describe(
      "What a register may go on past its last digit; further is an exchange of the meter. By default maxKwhPerHour where set, else what its digits last for, 1500 hours of full load."
    ),
  columns: z
    .partialRecord(z.enum(intervalColumns), origin)
    .optional()
    .describe("By the column of interval_row, where its text comes from, where the file's columns have other names."),
  categories: z
    .array(
      z.strictObject({
        column: columnName,
        name: z.string().optional().describe("What the column is called in a reason for a reject."),
        values: z.record(z.string(), categoryValue).describe("By the sender's text, what is set by it."),
        optional: z.boolean().optional().describe("Whether a file may lack the column.")
      })
    )
    .optional()
    .describe("Columns whose texts decide several columns, such as a read type that names direction and unit."),
  layout: z
    .strictObject({
      wide: z
        .strictObject({
          date: columnName,
          columns: z.array(z.string()).optional().describe("The columns with the values, in the day's order.")
        })
        .optional()
        .describe("A row is a day, with its values in 24, 48 or 96 columns."),
      measures: z
        .array(z.strictObject({column: columnName, set: categoryValue.optional(), optional: z.boolean().optional()}))
        .optional()
        .describe("A row holds several values, each in a column of its own.")
    })
    .optional()
    .describe("How values lie in a row that has more than one."),
  preamble: z.array(z.string()).optional().describe("Patterns of the lines above the header."),
  footer: z.array(z.string()).optional().describe("Patterns of the lines below the rows."),
  absentMeans: z
    .enum(["missing", "zero"])
    .optional()
    .describe("What an interval without a row means between the first and the last of a file; missing by default.")
} satisfies {[K in keyof MeterSource]-?: z.ZodType<MeterSource[K]>};

const meterSettings = Object.keys(settings).filter(
  (key) => !["name", "folder", "format", "clientId", "decimalMark"].includes(key)
);

/** A source: of meters' energy with at least a zone and a policy, or of anything else without any of those settings. */
const sourceSchema = z
  .strictObject({...settings, timeZone: settings.timeZone.optional(), policy: settings.policy.optional()})
  .superRefine((source, context) => {
    const given = meterSettings.find((key) => key in source);
    if (given === undefined) return;
    for (const needed of ["timeZone", "policy"] as const)
      if (source[needed] === undefined)
        context.addIssue({
          code: "custom",
          path: [needed],
          message: `missing; ${given} is a setting of meters, which need it`
        });
  });

const mib = (what: string) => z.number().positive().describe(`${what}, in MiB.`);

/** Each limit on a file as `sources.json` may hold it: one without a line here doesn't compile. */
const limits = {
  decodedGiB: z
    .number()
    .positive()
    .optional()
    .describe("The size of a file once it is decompressed, in GiB; 8 by default."),
  documentMiB: mib("The size of a document that is held in memory whole, such as XML; 128 by default").optional(),
  elementMiB: mib("The size of a line, a value or an element; 16 by default").max(largestElementMiB).optional(),
  columns: z.number().int().positive().optional().describe("The columns of a table; 4096 by default."),
  depth: z.number().int().positive().optional().describe("How deep values and elements are nested; 200 by default."),
  minutes: z.number().positive().max(10_000).optional().describe("How long a file is read; 10 by default.")
} satisfies {[K in keyof Limits]-?: z.ZodType<Limits[K] | undefined>};

const documentSchema = z.strictObject({
  $schema: z.string().optional().describe("Where editors find the JSON schema of this file."),
  limits: z.strictObject(limits).optional().describe("How much of one file is read; what is beyond is rejected."),
  sources: z.array(sourceSchema).describe("The sources of this lake, beside those of the program.")
});

/** The JSON schema of `sources.json` for editors: `docs/sources.schema.json` holds it. */
export function sourcesJsonSchema(): object {
  const dependencies = Object.fromEntries(
    meterSettings.map((key) => [key, ["timeZone", "policy"].filter((needed) => needed !== key)])
  );
  return z.toJSONSchema(documentSchema, {
    target: "draft-7",
    override: ({zodSchema, jsonSchema}) => {
      if (zodSchema === documentSchema) jsonSchema.title = "Sources of a lake";
      if (zodSchema === sourceSchema) Object.assign(jsonSchema, {dependencies});
    }
  });
}

/** What a `sources.json` holds. */
export interface Document {
  readonly sources: readonly Source[];
  readonly limits?: Partial<Limits>;
}

/** The parsed content of a `sources.json`, or what is wrong with it, a clause a fault. */
export function parseDocument(content: unknown): Document | {faults: readonly string[]} {
  const parsed = documentSchema.safeParse(content);
  if (parsed.success) return parsed.data as Document;
  return {faults: parsed.error.issues.map((issue) => faultText(issue, content))};
}

function faultText(issue: z.core.$ZodIssue, content: unknown): string {
  const [part, index, ...inside] = issue.path;
  if (index === undefined || part !== "sources") return `${settingText(issue.path)}${problemText(issue, content)}`;
  const source = valueAt(content, ["sources", index]) as {name?: unknown} | null;
  const name = typeof source?.name === "string" ? source.name : undefined;
  const object = name === undefined ? `source number ${Number(index) + 1}` : `source ${name}`;
  return `${object}: ${settingText(inside)}${problemText(issue, content)}`;
}

function settingText(path: readonly PropertyKey[]): string {
  return path.length === 0 ? "" : `${path.map(String).join(".")} `;
}

function problemText(issue: z.core.$ZodIssue, content: unknown): string {
  const value = valueAt(content, issue.path);
  const shown = JSON.stringify(value)?.slice(0, 60);
  switch (issue.code) {
    case "unrecognized_keys": {
      const [key] = issue.keys;
      const known = Object.keys(
        issue.path.length === 0 ? {sources: [], limits} : issue.path[0] === "limits" ? limits : settings
      );
      return `setting not known: ${key}${didYouMean(key!, known) || `; there are ${known.join(", ")}`}`;
    }
    case "invalid_value":
      return value === undefined ? "is missing" : `not known: ${shown}; choose one of ${issue.values.join(", ")}`;
    case "invalid_type":
    case "invalid_union": {
      if (value === undefined) return "is missing";
      const expected = issue.code === "invalid_type" ? issue.expected : "string";
      const plain: Record<string, string> = {string: "text", array: "a list", object: "an object", number: "a number"};
      return `must be ${plain[expected] ?? expected}, not ${shown}`;
    }
    case "custom":
      return issue.message.startsWith("missing") ? `is ${issue.message}` : `not usable: ${shown}; ${issue.message}`;
    case "invalid_format":
      return `not usable: ${shown}; ${issue.message}`;
    default:
      return `not usable: ${shown}`;
  }
}

function valueAt(content: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce((value: unknown, key) => (value as Record<PropertyKey, unknown> | undefined)?.[key], content);
}
