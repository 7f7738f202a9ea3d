import {type EngineFault, engineFault, messageOf} from "./engine.js";
import {type AskedQuery, outOfMemory, queryPhrases} from "./query_phrases.js";

export type {AskedQuery} from "./query_phrases.js";

/**
 * What is wrong with a query, in a sentence for who wrote it, and where in it; an error that DuckDB didn't raise as it is.
 */
export function queryFault(error: unknown, query: AskedQuery): string {
  const fault = engineFault(error);
  if (!fault) return messageOf(error);
  const place = placeOf(fault, query);
  return `${sentenceOf(fault, query)}${place ? ` (${place})` : ""}`;
}

/** What DuckDB's parser says of a text, in our words. */
export function parserReason(text: string): string {
  return sentenceOf({kind: "Parser", text}, {sql: ""});
}

function sentenceOf({kind, text}: EngineFault, query: AskedQuery): string {
  if (kind === "INTERRUPT") return "query stopped before its end";
  for (const [said, sentence] of queryPhrases) {
    const found = said.exec(text);
    if (found) return sentence(found.slice(1), query);
  }
  if (kind === "Out of Memory") return outOfMemory;
  if (/^(INTERNAL|FATAL)/.test(kind))
    return "the query can't be answered: the engine failed at it; write it another way";
  return `the query can't be answered: ${plain(text)}`;
}

/** The first sentence of a text that we have no words of our own for, made to fit into one. */
function plain(text: string): string {
  const [sentence = ""] = text.split(/\n|(?<=[.!?]) (?=[A-Z])/);
  const bare = sentence.replace(/[.!\s]+$/, "");
  return /^[A-Z][a-z ]/.test(bare) ? bare[0]!.toLowerCase() + bare.slice(1) : bare;
}

/** `line 1, column 15` of the SQL as it was written. */
function placeOf({place}: EngineFault, {sql, linesBefore = 0}: AskedQuery): string | undefined {
  if (!place) return undefined;
  const number = place.line - linesBefore;
  const line = sql.split("\n")[number - 1];
  if (line === undefined) return undefined;
  const ahead = place.shown.startsWith("...") ? 3 : 0;
  const start = line.indexOf(place.shown.slice(ahead).replace(/[.]{3}$/, ""));
  if (start < 0) return `line ${number}`;
  return `line ${number}, column ${start + place.offset - ahead + 1}`;
}
