import {existsSync} from "node:fs";
import {copyFile, readdir, readFile, writeFile} from "node:fs/promises";
import {basename, dirname, join, relative, resolve} from "node:path";
import {fileURLToPath} from "node:url";
import {Command} from "commander";
import {isStarted, runCommand} from "./command.js";
import {makeFolder} from "./engines/folder.js";
import {say} from "./observe/terminal.js";
import {version} from "./version.js";

const template = fileURLToPath(new URL("../template", import.meta.url));

export const command = new Command("init")
  .description("Makes a project in a folder: a lake, SQL of its own, notebooks. What is there already stays as it is.")
  .argument("[folder]", "the project's folder", ".")
  .allowExcessArguments(false)
  .action(async (folder: string) => {
    const project = resolve(folder);
    for (const file of [...(await copyTemplate(project)), ...(await writePackage(project))]) say(`made ${file}`);
    say("next: npm install, put files into lake/landing as README.md says, npm run pipeline");
  });

if (isStarted(import.meta.url)) await runCommand(command);

/** Copies the files of the template that the project doesn't have, and returns their paths. */
async function copyTemplate(project: string): Promise<string[]> {
  const made: string[] = [];
  const entries = await readdir(template, {recursive: true, withFileTypes: true});
  for (const entry of entries.filter((entry) => entry.isFile())) {
    const from = join(entry.parentPath, entry.name);
    // npm leaves a file of that name out of a package.
    const path = relative(template, from).replace(/^gitignore$/, ".gitignore");
    const to = join(project, path);
    if (existsSync(to)) continue;
    await makeFolder(dirname(to));
    await copyFile(from, to);
    made.push(path);
  }
  return made;
}

/** Gives a project's `package.json` the scripts and the dependency that it lacks, or makes it. */
async function writePackage(project: string): Promise<string[]> {
  const file = join(project, "package.json");
  const isThere = existsSync(file);
  const before: Package = isThere ? await readPackage(file) : newPackage(project);
  const names = ["pipeline", "inspect", "land", "collect", "schedule", "lake", "notebooks"];
  const scripts = Object.fromEntries(names.map((name) => [name, `wattlake ${name}`]));
  const isDependent = "wattlake" in {...before.devDependencies, ...before.dependencies};
  const after = {
    ...before,
    scripts: {...scripts, ...before.scripts},
    ...(isDependent ? {} : {dependencies: {...before.dependencies, wattlake: `^${version}`}})
  };
  const text = `${JSON.stringify(after, null, 2)}\n`;
  if (isThere && JSON.stringify(after) === JSON.stringify(before)) return [];
  await writeFile(file, text);
  return ["package.json"];
}

interface Package {
  readonly name?: string;
  readonly private?: boolean;
  readonly type?: string;
  readonly scripts?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

async function readPackage(file: string): Promise<Package> {
  try {
    return JSON.parse(await readFile(file, "utf8"));
  } catch {
    throw new Error(`not valid JSON: ${file}; mend it, or move it away`);
  }
}

function newPackage(project: string): Package {
  return {name: nameOf(project), private: true, type: "module"};
}

/** A name that npm takes, after the folder's. */
function nameOf(project: string): string {
  const name = basename(project)
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]+/g, "-")
    .replaceAll(/^-+|-+$/g, "");
  return name === "" || name === "wattlake" ? "my-wattlake" : name;
}
