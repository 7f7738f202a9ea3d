import {mkdtemp, rm, symlink, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {isFolder, makeFolder} from "../../pipelines/engines/folder.js";

let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "wattlake-folder-"));
});
afterAll(() => rm(home, {recursive: true}));

describe("makeFolder", () => {
  it("makes a folder and those above it, by many at once, and again", async () => {
    const path = join(home, "a", "b", "c");
    await Promise.all(Array.from({length: 20}, () => makeFolder(path)));
    await makeFolder(`${path}/`);
    expect(await isFolder(path)).toBe(true);
  });

  it("ends where a folder can't be made: below a file, by a dangling link, in /proc", async () => {
    await writeFile(join(home, "file"), "");
    await symlink(join(home, "nowhere"), join(home, "link"));
    await expect(makeFolder(join(home, "file"))).rejects.toThrow("EEXIST");
    await expect(makeFolder(join(home, "file", "a", "b"))).rejects.toThrow("ENOTDIR");
    await expect(makeFolder(join(home, "link"))).rejects.toThrow("EEXIST");
    if (process.platform === "linux") await expect(makeFolder("/proc/nothing/a/b")).rejects.toThrow("ENOENT");
  });
});
