import {execFileSync} from "node:child_process";
import {mkdtempSync, rmSync} from "node:fs";
import {mkdtemp, rm} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";

/** A small file system of its own. */
export interface Mount {
  readonly folder: string;
  /** Changes how it is mounted: `ro`, `rw`, `size=8m`. */
  remount(options: string): void;
  remove(): Promise<void>;
}

/** Mounts an empty file system in memory, as root may on Linux. */
export async function mountMemory(size: string): Promise<Mount> {
  const folder = await mkdtemp(join(tmpdir(), "wattlake-mount-"));
  mount("-t", "tmpfs", "-o", `size=${size}`, "tmpfs", folder);
  return {
    folder,
    remount: (options) => mount("-o", `remount,${options}`, folder),
    async remove() {
      execFileSync("umount", [folder], {stdio: "pipe"});
      await rm(folder, {recursive: true, force: true});
    }
  };
}

function mount(...options: string[]): void {
  execFileSync("mount", options, {stdio: "pipe"});
}

/** Whether this process may mount file systems. */
export const canMount = (() => {
  const folder = mkdtempSync(join(tmpdir(), "wattlake-mount-"));
  try {
    mount("-t", "tmpfs", "-o", "size=64k", "tmpfs", folder);
    execFileSync("umount", [folder], {stdio: "pipe"});
    return true;
  } catch {
    return false;
  } finally {
    rmSync(folder, {recursive: true, force: true});
  }
})();

/** Whether a program is there and runs. */
export function canRun(program: string, ...options: string[]): boolean {
  try {
    execFileSync(program, options, {stdio: "pipe"});
    return true;
  } catch {
    return false;
  }
}
