import {existsSync} from "node:fs";
import {cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {delimiter, join, relative} from "node:path";
import {fileURLToPath} from "node:url";
import {Command} from "commander";
import {$, chalk, glob} from "zx";
import {runCommand} from "../pipelines/command.js";
import {inspectNotebook, tidyNotebook} from "./notebook.js";

// Jupyter is Python: it lives in an environment of its own, made when first needed, with its settings beside it,
// so that nothing of the user's own Jupyter is read or changed.
const packages = ["jupyterlab==4.6.6", "nbconvert==7.17.2", "ipykernel==7.4.0"];

const root = fileURLToPath(new URL("..", import.meta.url));
const environment = join(root, ".venv", "notebooks");
const windows = process.platform === "win32";
const bin = join(environment, windows ? "Scripts" : "bin");
const jupyter = join(bin, windows ? "jupyter.exe" : "jupyter");

const command = new Command("notebooks").description("Opens, tests and saves the notebooks.");

command
  .command("lab", {isDefault: true})
  .description("starts JupyterLab on notebooks/; what follows is passed on, --no-browser for example")
  .allowUnknownOption()
  .argument("[options...]")
  .action(async (options: string[]) => {
    await prepare();
    if (!existsSync(join(root, "lake", "silver"))) await buildLake(join(root, "lake"));
    // Charts in a notebook that Jupyter didn't execute itself stay hidden until it is trusted; these are ours.
    await run(jupyter, ["trust", ...(await notebooks())], {quiet: true});
    const asRoot = process.getuid?.() === 0 ? ["--allow-root"] : [];
    await run(jupyter, ["lab", `--notebook-dir=${join(root, "notebooks")}`, ...asRoot, ...options]);
  });

command
  .command("test")
  .description("executes every notebook on a fresh lake; fails on an error, a missing chart, outdated outputs")
  .action(async () => {
    await prepare();
    const problems = await withFreshLake(async (lake, folder) => {
      const found: string[] = [];
      for (const file of await notebooks()) {
        const name = relative(root, file);
        const started = performance.now();
        const executed = await inspectNotebook(await execute(file, lake, join(folder, "executed")));
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
    await prepare();
    await withFreshLake(async (lake) => {
      for (const file of await notebooks()) {
        await execute(file, lake);
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
async function prepare(): Promise<void> {
  await $({cwd: root})`npm run -s prepare`;
  // A cell's imports are looked up in node_modules only: the package stands there as a link to itself.
  const link = join(root, "node_modules", "wattlake");
  await rm(link, {force: true});
  await symlink(root, link, "junction");
  await installJupyter();
  const kernel = join(environment, "share", "jupyter", "kernels", "tslab");
  await mkdir(kernel, {recursive: true});
  const argv = [
    process.execPath,
    join(root, "node_modules", "tslab", "bin", "tslab"),
    "kernel",
    "--config-path",
    "{connection_file}"
  ];
  await writeFile(
    join(kernel, "kernel.json"),
    JSON.stringify({argv, display_name: "TypeScript", language: "typescript"})
  );
}

async function installJupyter(): Promise<void> {
  // Written last, so that an environment whose making was cut short is made again, as is one that was moved.
  const done = join(environment, "made.json");
  const made = JSON.stringify({environment, packages});
  if (existsSync(done) && (await readFile(done, "utf8")) === made) return;
  console.log(`installing ${packages.join(", ")} into ${relative(root, environment)} (once, about 250 MB)`);
  await rm(environment, {recursive: true, force: true});
  const python = windows ? "python" : "python3";
  await $`${python} -m venv ${environment}`.catch((error) => {
    throw new Error(
      `no python environment: Jupyter needs Python 3.10 or newer with its venv module as ${python}\n${error.message}`
    );
  });
  await $`${join(bin, "python")} -m pip install --quiet --disable-pip-version-check ${packages}`;
  await writeFile(done, made);
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

/** Executes a notebook on a lake, in place or into a folder, and returns the file with the outputs. */
async function execute(file: string, lake: string, folder?: string): Promise<string> {
  const output = folder ? ["--output-dir", folder] : ["--inplace"];
  const options = ["--ExecutePreprocessor.timeout=300", "--ExecutePreprocessor.record_timing=False", "--allow-errors"];
  await run(jupyter, ["nbconvert", "--to", "notebook", "--execute", ...options, ...output, file], {lake, quiet: true});
  return folder ? join(folder, file.slice(join(root, "notebooks").length)) : file;
}

async function run(
  program: string,
  parameters: string[],
  {lake, quiet = false}: {lake?: string; quiet?: boolean} = {}
): Promise<void> {
  const env = {
    ...process.env,
    ...(lake ? {WATTLAKE_LAKE: lake} : {}),
    PATH: [bin, join(root, "node_modules", ".bin"), process.env.PATH].join(delimiter),
    JUPYTER_PREFER_ENV_PATH: "1",
    JUPYTER_CONFIG_DIR: join(environment, "config"),
    JUPYTER_DATA_DIR: join(environment, "data"),
    JUPYTER_RUNTIME_DIR: join(environment, "runtime"),
    IPYTHONDIR: join(environment, "ipython")
  };
  const {exitCode, stderr} = await $({
    cwd: root,
    env,
    quiet,
    nothrow: true,
    stdio: quiet ? "pipe" : "inherit"
  })`${program} ${parameters}`;
  // Jupyter stopped from the keyboard has no exit code, and isn't a failure.
  if (exitCode) throw new Error(`jupyter ${parameters[0]} failed with exit code ${exitCode}\n${stderr}`.trim());
}
