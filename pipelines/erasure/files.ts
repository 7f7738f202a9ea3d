import {readdir} from "node:fs/promises";
import {join} from "node:path";
import {pathPattern} from "../engines/duckdb.js";

/** Every file below a folder, by its path; none where there is no folder. */
export async function filesUnder(folder: string): Promise<string[]> {
  const entries = await readdir(folder, {recursive: true, withFileTypes: true}).catch((error) => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** SQL of the rows of Parquet files, whatever is in their names. */
export function parquetOf(files: readonly string[]): string {
  const list = files.map(pathPattern);
  return `read_parquet([${list.join(", ")}], union_by_name = true, hive_partitioning = false)`;
}
