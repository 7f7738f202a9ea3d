import {isNumber} from "../erasure/customer.js";
import type {Erased} from "../erasure/erase.js";
import {columns, count, quantity} from "./text.js";

/** Whether nothing of the customer is left, and nothing of others has changed. */
export function isProven({search, others}: Erased): boolean {
  return search.hits.length === 0 && others.changed.length === 0;
}

/** An erasure's proof as text, without what `problems` says. */
export function erasureText(erased: Erased): string {
  const {client, location, meters, by, erased_at, run, files, rows_removed, others, search} = erased;
  const whom = [
    ...(location === undefined ? [] : [`location ${location}`]),
    ...meters.map((meter) => `meter ${meter}`)
  ];
  const table = (rows: readonly (readonly string[])[], align: readonly ("left" | "right")[]) =>
    columns(rows, align).map((line) => `  ${line}`);
  return [
    `erased: ${whom.join(", ")} of client ${client}, by ${by}, begun ${erased_at}`,
    `${count(files.length, "content")} of the landing folder held them`,
    ...table(
      files.map(({old_sha256, new_sha256, new_paths, rows_removed: removed}) => [
        count(removed, "row"),
        old_sha256.slice(0, 12),
        new_sha256 === null ? "gone" : `now ${new_sha256.slice(0, 12)}`,
        new_sha256 === null ? "" : new_paths.join(", ")
      ]),
      ["right", "left", "left", "left"]
    ),
    "rows removed",
    ...table(
      Object.entries(rows_removed).map(([name, removed]) => [name, quantity(removed)]),
      ["left", "right"]
    ),
    ...(others.changed.length === 0 ? [`rows of others: the same in ${count(others.tables, "table")}`] : []),
    `searched: ${count(search.tables, "table")} and ${count(search.files, "file")}, ${
      search.hits.length === 0 ? "none of the ids is left" : `the ids are left in ${quantity(search.hits.length)}`
    }`,
    `runs before ${run} can't be read any more`
  ].join("\n");
}

/** What keeps an erasure from being proven, or narrows its proof: a sentence each. */
export function erasureProblems({search, others, shared_ids, ids}: Erased): string[] {
  return [
    ...ids
      .filter(isNumber)
      .map((id) => `id of digits alone: ${id}; it was searched for only in columns of ids and between quotes`),
    ...shared_ids.map(
      (id) => `id of another client, too: ${id}; it was searched for only where rows tell their client`
    ),
    ...search.hits.map(({kind, place, rows}) =>
      kind === "landing"
        ? `id left in a file: ${place}; no table tells which of its rows are the customer's: look into it and remove it`
        : `id left in ${kind === "table" ? `${count(rows ?? 0, "row")} of ${place}` : place}; look into it: a field that holds no ids may name one`
    ),
    ...others.changed.map(
      (table) => `rows of others changed: ${table}; restore the lake and its landing folder from a copy`
    )
  ];
}

/** An erasure's proof as JSON. */
export function erasureJson(erased: Erased): string {
  return JSON.stringify({...erased, proven: isProven(erased)}, null, 2);
}
