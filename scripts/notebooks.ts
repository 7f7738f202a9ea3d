import {existsSync} from "node:fs";
import {cp, mkdtemp, rm, symlink} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join, relative} from "node:path";
import {fileURLToPath} from "node:url";
import {Command} from "commander";
import {$, chalk, glob} from "zx";
import {runCommand} from "../pipelines/command.js";
import {type Jupyter, openJupyter} from "../pipelines/notebook/jupyter.js";
import {inspectNotebook, tidyNotebook} from "./notebook.js";

const root = fileURLToPath(new URL("..", import.meta.url));

const command = new Command("notebooks").description("Opens, tests and saves the notebooks.");

command
  .command("lab", {isDefault: true})
  .description("starts JupyterLab on notebooks/; what follows is passed on, --no-browser for example")
  .allowUnknownOption()
  .argument("[options...]")
  .action(async (options: string[]) => {
    const jupyter = await prepare();
    if (!existsSync(join(root, "lake", "silver"))) await buildLake(join(root, "lake"));
    await jupyter.lab(join(root, "notebooks"), await notebooks(), options);
  });

command
  .command("test")
  .description("executes every notebook on a fresh lake; fails on an error, a missing chart, outdated outputs")
  .action(async () => {
    const jupyter = await prepare();
    const problems = await withFreshLake(async (lake, folder) => {
      const found: string[] = [];
      for (const file of await notebooks()) {
        const name = relative(root, file);
        const started = performance.now();
        const executed = await inspectNotebook(await jupyter.execute(file, {lake, to: join(folder, "executed")}));
        const committed = await inspectNotebook(file);
        found.push(...executed.problems.map((problem) => `${name}: ${problem}`));
        found.push(...committed.problems.map((problem) => `${name}, as saved: ${problem}`));
        if (executed.printed !== committed.printed || executed.charts !== committed.charts) {
          found.push(`${name}: its saved outputs are not what it gives now: npm run notebooks -- save`);
        }
        console.log(`${name}: ${executed.charts} charts in ${((performance.now() - started) / 1000).toFixed(1)} s`);
      }
      return found;
    });
    report(problems);
  });

command
  .command("save")
  .description("executes every notebook on a fresh lake and keeps the outputs in it")
  .action(async () => {
    const jupyter = await prepare();
    await withFreshLake(async (lake) => {
      for (const file of await notebooks()) {
        await jupyter.execute(file, {lake});
        await tidyNotebook(file);
        const {charts, problems} = await inspectNotebook(file);
        console.log(`saved ${relative(root, file)}: ${charts} charts`);
        report(problems.map((problem) => `${relative(root, file)}: ${problem}`));
      }
    });
  });

await runCommand(command);

function report(problems: readonly string[]): void {
  for (const problem of problems) console.error(chalk.red(problem));
  if (problems.length > 0) process.exitCode = 1;
}

/** Makes what a notebook needs: compiled modules, the package under its own name, Jupyter and the kernel. */
async function prepare(): Promise<Jupyter> {
  await $({cwd: root})`npm run -s prepare`;
  // A cell's imports are looked up in node_modules only: the package stands there as a link to itself.
  const link = join(root, "node_modules", "wattlake");
  await rm(link, {force: true});
  await symlink(root, link, "junction");
  return openJupyter(root, console.log);
}

/** Builds a lake from copies of the landing files in a temporary folder, which goes when the work is done. */
async function withFreshLake<T>(work: (lake: string, folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "wattlake-notebooks-"));
  try {
    const lake = join(folder, "lake");
    const landing = join(root, "lake", "landing");
    await cp(landing, join(lake, "landing"), {recursive: true, filter: (path) => !path.endsWith("_arrivals.jsonl")});
    await buildLake(lake);
    return await work(lake, folder);
  } finally {
    await rm(folder, {recursive: true, force: true});
  }
}

async function buildLake(lake: string): Promise<void> {
  await $({cwd: root})`npm run -s pipeline -- --lake ${lake} --quiet`;
}

async function notebooks(): Promise<string[]> {
  return (await glob("notebooks/*.ipynb", {cwd: root, absolute: true})).sort();
}
