import {execFileSync} from "node:child_process";
import {mkdir, symlink, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {type BadFile, wholeFile} from "./bad_file.js";

interface Misfit {
  readonly file: BadFile;
  make(at: string): Promise<unknown> | unknown;
}

const misfit = (name: string, file: string, reason: string, make: Misfit["make"]): Misfit => ({
  file: wholeFile(name, `intervals/${file}`, undefined, reason),
  make
});

/** What lies in a landing folder and can't be read as a file. */
const all: readonly Misfit[] = [
  misfit("a link to nothing", "dangling.csv", "a link to nothing; put the file itself there", (at) =>
    symlink("nowhere.csv", join(at, "dangling.csv"))
  ),
  misfit("a link to itself", "loop.csv", "a link that leads to itself; put the file itself there", (at) =>
    symlink("loop.csv", join(at, "loop.csv"))
  ),
  misfit(
    "a link out of the landing folder",
    "outside.csv",
    "a link out of the landing folder; put the file itself there",
    (at) => symlink("/etc/hosts", join(at, "outside.csv"))
  ),
  misfit("a link to a folder", "linked", "a link to a folder; put the folder itself there", (at) =>
    symlink("..", join(at, "linked"))
  ),
  misfit("a link to a device", "zero.csv", "a link to something that is no file", (at) =>
    symlink("/dev/zero", join(at, "zero.csv"))
  ),
  misfit("a pipe", "pipe.csv", "a pipe, no file", (at) => execFileSync("mkfifo", [join(at, "pipe.csv")])),
  misfit(
    "an empty folder with a file's name",
    "folder.csv",
    "a folder with nothing in it, though its name is that of a file",
    (at) => mkdir(join(at, "folder.csv"))
  ),
  misfit("a name that isn't UTF-8", "latin \uFFFD.csv", "its name isn't UTF-8; rename it", (at) =>
    writeFile(Buffer.concat([Buffer.from(join(at, "latin ")), Buffer.from([0xe9]), Buffer.from(".csv")]), "x\n")
  ),
  misfit("a name with an escape sequence", "\uFFFD[31m.csv", "its name has control characters; rename it", (at) =>
    writeFile(join(at, "\u001b[31m.csv"), "x\n")
  )
];

export const misfits: readonly BadFile[] = all.map(({file}) => file);

/** Puts each of them into the landing folder. */
export async function makeMisfits(landing: string): Promise<void> {
  const at = join(landing, "intervals");
  await mkdir(at, {recursive: true});
  for (const {make} of all) await make(at);
}
