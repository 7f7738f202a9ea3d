import type {PolicyName} from "../calendar/policy.js";
import type {LabelAt, TimeFormat, Unit} from "../sources/source.js";

/** What is said of a file that it may not say itself: each beats what would be found. */
export interface Said {
  /** The column of the time, or those of the date and the time of day. */
  readonly times?: readonly string[];
  /** The columns of the values. */
  readonly values?: readonly string[];
  /** The column of the meter's id, or the id itself. */
  readonly meter?: string;
  /** The channel of all values. */
  readonly channel?: "import" | "export" | "production" | "consumption";
  /** The channel of the rows with a text in a column of categories, by the text in small letters. */
  readonly channels?: ReadonlyMap<string, "import" | "export" | "production" | "consumption">;
  readonly form?: TimeFormat;
  readonly unit?: Unit;
  readonly tz?: string;
  readonly labelAt?: LabelAt;
  readonly policy?: PolicyName;
}

/** What would settle a policy that the file leaves open. */
export const senderTells = "the sender's word on what it does on the days of change; --policy says it";
