import {existsSync} from "node:fs";
import {mkdir, readFile, rm, writeFile} from "node:fs/promises";
import {createRequire} from "node:module";
import {delimiter, dirname, join, relative} from "node:path";
import {$} from "zx";

// Jupyter is Python: it lives in an environment of its own, made when first needed, with its settings beside it,
// so that nothing of the user's own Jupyter is read or changed.
const packages = ["jupyterlab==4.6.6", "nbconvert==7.17.2", "ipykernel==7.4.0"];

const windows = process.platform === "win32";

/** Jupyter with a TypeScript kernel, in a project's `.venv/notebooks`. */
export interface Jupyter {
  /** Opens JupyterLab on a folder, until it is stopped. Charts of the notebooks in it are shown. */
  lab(folder: string, notebooks: readonly string[], options: readonly string[]): Promise<void>;
  /**
   * Executes a notebook, in place or into another folder, and returns the file with the outputs. `lake` is what
   * `WATTLAKE_LAKE` names in it.
   *
   * @throws Error with Jupyter's own words when it can't be executed; a cell that fails doesn't count
   */
  execute(file: string, {lake, to}: {readonly lake?: string; readonly to?: string}): Promise<string>;
}

/**
 * Makes what a notebook needs in a project: Jupyter, once, and the kernel.
 *
 * @throws Error when there is no Python 3.10 or newer with its venv module
 */
export async function openJupyter(project: string, say: (text: string) => void): Promise<Jupyter> {
  const environment = join(project, ".venv", "notebooks");
  const bin = join(environment, windows ? "Scripts" : "bin");
  const jupyter = join(bin, windows ? "jupyter.exe" : "jupyter");
  await install(environment, join(bin, "python"), () =>
    say(`installing ${packages.join(", ")} into ${relative(project, environment)} (once, about 250 MB)`)
  );
  await writeKernel(environment);
  const run = async (parameters: readonly string[], lake?: string, quiet = true) => {
    const env = {
      ...process.env,
      ...(lake ? {WATTLAKE_LAKE: lake} : {}),
      PATH: [bin, join(project, "node_modules", ".bin"), process.env.PATH].join(delimiter),
      JUPYTER_PREFER_ENV_PATH: "1",
      JUPYTER_CONFIG_DIR: join(environment, "config"),
      JUPYTER_DATA_DIR: join(environment, "data"),
      JUPYTER_RUNTIME_DIR: join(environment, "runtime"),
      IPYTHONDIR: join(environment, "ipython")
    };
    const stdio = quiet ? "pipe" : "inherit";
    const {exitCode, stderr} = await $({cwd: project, env, quiet, nothrow: true, stdio})`${jupyter} ${parameters}`;
    // Jupyter stopped from the keyboard has no exit code, and isn't a failure.
    if (exitCode) throw new Error(`jupyter ${parameters[0]} failed with exit code ${exitCode}\n${stderr}`.trim());
  };
  return {
    async lab(folder, notebooks, options) {
      // Charts in a notebook that Jupyter didn't execute itself stay hidden until it is trusted; these are the project's.
      if (notebooks.length > 0) await run(["trust", ...notebooks]);
      const asRoot = process.getuid?.() === 0 ? ["--allow-root"] : [];
      await run(["lab", `--notebook-dir=${folder}`, ...asRoot, ...options], undefined, false);
    },
    async execute(file, {lake, to}) {
      const output = to ? ["--output-dir", to] : ["--inplace"];
      const fixed = [
        "--ExecutePreprocessor.timeout=300",
        "--ExecutePreprocessor.record_timing=False",
        "--allow-errors"
      ];
      await run(["nbconvert", "--to", "notebook", "--execute", ...fixed, ...output, file], lake);
      return to ? join(to, relative(dirname(file), file)) : file;
    }
  };
}

async function install(environment: string, python: string, announce: () => void): Promise<void> {
  // Written last, so that an environment whose making was cut short is made again, as is one that was moved.
  const done = join(environment, "made.json");
  const made = JSON.stringify({environment, packages});
  if (existsSync(done) && (await readFile(done, "utf8")) === made) return;
  announce();
  await rm(environment, {recursive: true, force: true});
  const system = windows ? "python" : "python3";
  await $`${system} -m venv ${environment}`.catch((error) => {
    throw new Error(
      `no python environment: Jupyter needs Python 3.10 or newer with its venv module as ${system}\n${error.message}`
    );
  });
  await $`${python} -m pip install --quiet --disable-pip-version-check ${packages}`;
  await writeFile(done, made);
}

async function writeKernel(environment: string): Promise<void> {
  const kernel = join(environment, "share", "jupyter", "kernels", "tslab");
  const tslab = join(dirname(createRequire(import.meta.url).resolve("tslab/package.json")), "bin", "tslab");
  const argv = [process.execPath, tslab, "kernel", "--config-path", "{connection_file}"];
  await mkdir(kernel, {recursive: true});
  await writeFile(
    join(kernel, "kernel.json"),
    JSON.stringify({argv, display_name: "TypeScript", language: "typescript"})
  );
}
