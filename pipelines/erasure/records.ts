import {readFile, rm} from "node:fs/promises";
import {basename} from "node:path";
import type {FilePlan} from "../sources/erasure_request.js";
import {replaceText} from "../sources/ledger.js";
import {mention} from "./customer.js";
import {recordFiles} from "./search.js";

/**
 * Takes the lines out of runs' logs and lineage that name the customer, or a file that was named after him; a file of
 * metrics that does goes, as the next run writes it anew.
 */
export async function cleanRecords(lake: string, ids: readonly string[], files: readonly FilePlan[]): Promise<void> {
  const renamed = files.flatMap(({old_paths, new_paths}) => old_paths.filter((path) => !new_paths.includes(path)));
  const isHis = (text: string) => mention(text, ids) || renamed.some((path) => text.includes(path));
  for (const file of await recordFiles(lake)) {
    const text = await readFile(file, "utf8");
    if (!isHis(text)) continue;
    if (!basename(file).endsWith(".jsonl")) await rm(file, {force: true});
    else
      await replaceText(
        file,
        text
          .split("\n")
          .filter((line) => !isHis(line))
          .join("\n")
      );
  }
}
