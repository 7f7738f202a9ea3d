import {readFile} from "node:fs/promises";
import {join} from "node:path";
import {z} from "zod";

/** Something odd that the files of a landing folder are known to hold, and why they do. */
export type Expected = {readonly because: string} & (
  | {
      /** A check that warns, and of how many rows. */
      readonly table: string;
      readonly check: string;
      readonly rows: number;
    }
  | {
      /** A source, and how much of it is rejected. */
      readonly source: string;
      readonly rejected: number;
    }
);

const schema = z.array(
  z.union([
    z.strictObject({table: z.string(), check: z.string(), rows: z.int().positive(), because: z.string()}),
    z.strictObject({source: z.string(), rejected: z.int().positive(), because: z.string()})
  ])
);

/** Beside the files in the landing folder: what is known to be odd in them, so that a run says so and doesn't warn. */
export const expectedFile = "_expected.json";

/**
 * What the files of a landing folder are known to hold; nothing where nobody wrote it down.
 *
 * @throws Error that names the file, and what in it can't be understood
 */
export async function readExpected(landing: string): Promise<readonly Expected[]> {
  const path = join(landing, expectedFile);
  const text = await readFile(path, "utf8").catch((error) => {
    if (error.code !== "ENOENT") throw error;
  });
  if (text === undefined) return [];
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    throw new Error(
      `not understood: ${path}; write a list of {"table", "check", "rows", "because"} and {"source", "rejected", "because"}`
    );
  }
}
