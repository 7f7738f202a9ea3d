import {mkdtemp, readdir, rm, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterEach, beforeEach, describe, expect, it} from "vitest";
import {openDuckDB} from "../../pipelines/engines/duckdb.js";
import {kept} from "../../pipelines/models/kept_project.js";
import {openProject} from "../../pipelines/models/project.js";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "wattlake-kept-"));
});
afterEach(() => rm(folder, {recursive: true, force: true}));

const never = () => Promise.reject(new Error("made again"));

describe("what was understood of a project", () => {
  it("is the same from its file as it was made", async () => {
    const database = await openDuckDB({threads: 1});
    const made = await kept(["a"], () => openProject(database), folder);
    database.close();
    expect(await kept(["a"], never, folder)).toEqual(made);
  });

  it("is made anew for other parts, and where its file is torn", async () => {
    await kept(["a"], async () => new Map([["one", 1]]), folder);
    expect(await kept(["b"], async () => 2, folder)).toBe(2);
    for (const name of await readdir(folder)) await writeFile(join(folder, name), "torn");
    expect(await kept(["a"], async () => 3, folder)).toBe(3);
    expect(await kept(["a"], never, folder)).toBe(3);
  });

  it("is made where nothing can be kept", async () => {
    await writeFile(join(folder, "file"), "");
    expect(await kept(["a"], async () => 1, join(folder, "file", "projects"))).toBe(1);
  });

  it("is kept of twenty at most", async () => {
    for (let part = 0; part < 25; part++) await kept([part], async () => part, folder);
    expect(await readdir(folder)).toHaveLength(20);
    expect(await kept([24], never, folder)).toBe(24);
  });
});
