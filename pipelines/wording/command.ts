import {engineFault, messageOf} from "./engine.js";
import {queryFault} from "./query.js";
import {isSystemError, systemFault} from "./system.js";

/**
 * What went wrong, as a sentence or two for a person: what we say ourselves as it is; what the system, DuckDB or a
 * parser says in our words. A fault of the program itself says so.
 */
export function faultText(error: unknown): string {
  if (isSystemError(error)) return systemFault(error);
  if (engineFault(error)) return queryFault(error, {sql: ""});
  if (error instanceof Error && error.name !== "Error") return programFault(error);
  return messageOf(error);
}

/** A fault of the program is shown whole to who wants to report it. */
function programFault(error: Error): string {
  const place = process.env.WATTLAKE_DEBUG ? `\n${error.stack}` : "; with WATTLAKE_DEBUG=1 it says where";
  return `the program failed: ${error.name}: ${error.message.split("\n")[0]}${place}`;
}
