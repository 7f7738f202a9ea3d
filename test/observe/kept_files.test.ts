import {mkdtemp, readdir, rm, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {expect, it} from "vitest";
import {runFile} from "../../pipelines/observe/kept_files.js";

it("keeps the files of the last thousand runs, and files of other names", async () => {
  const folder = await mkdtemp(join(tmpdir(), "wattlake-logs-"));
  await Promise.all(Array.from({length: 1005}, (_, run) => writeFile(join(folder, `${run + 1}.jsonl`), "")));
  await writeFile(join(folder, "notes.txt"), "");
  expect(await runFile(folder, 1006)).toBe(join(folder, "1006.jsonl"));
  const left = await readdir(folder);
  expect(left).toHaveLength(999 + 1);
  expect(left).toEqual(expect.arrayContaining(["notes.txt", "1005.jsonl", "7.jsonl"]));
  expect(left).not.toContain("6.jsonl");
  await rm(folder, {recursive: true});
});
