import {existsSync} from "node:fs";
import {cp, mkdir, mkdtemp, readFile, rm, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {delimiter, join, relative} from "node:path";
import {fileURLToPath} from "node:url";
import {Command} from "commander";
import {$} from "zx";
import {runCommand} from "../pipelines/command.js";
import {openDuckDB} from "../pipelines/engines/duckdb.js";
import {openProject} from "../pipelines/models/project.js";
import {statements} from "../pipelines/models/text.js";
import {buildClients} from "../test/engines/clients.js";

// Spark and delta-rs are Python's: they live in an environment of their own, made when first needed.
const root = fileURLToPath(new URL("..", import.meta.url));
const environment = join(root, ".venv", "engines");
const jars = join(environment, "jars");
const recipe = ["requirements.txt", "pom.xml"].map((name) => join(root, "scripts", "engines", name));
const windows = process.platform === "win32";
const python = join(environment, windows ? "Scripts/python.exe" : "bin/python");

const command = new Command("engines")
  .description("Lets Spark and delta-rs read every table, and Spark run every portable model; all must agree with us.")
  .option("--keep <dir>", "build the lakes here and leave them, to look at (default: a temporary folder)")
  .allowUnknownOption()
  .argument("[options...]", "what else there is goes to pytest: -k reading, for example")
  .action(async (options: string[], {keep}: {keep?: string}) => {
    await install();
    const folder = keep ?? (await mkdtemp(join(tmpdir(), "wattlake-engines-")));
    try {
      await mkdir(folder, {recursive: true});
      await buildLakes(folder);
      await writeFile(join(folder, "models.json"), JSON.stringify(await models()));
      const env = {
        ...process.env,
        WATTLAKE_ENGINES: folder,
        WATTLAKE_JARS: jars,
        // Spark starts workers with the python it finds.
        PYSPARK_PYTHON: python,
        PYTHONDONTWRITEBYTECODE: "1",
        PATH: [join(environment, windows ? "Scripts" : "bin"), process.env.PATH].join(delimiter)
      };
      // Spark writes whole plans into its log; what went wrong is in the exception already.
      const quiet = ["--tb=short", "--show-capture=no", "-p", "no:cacheprovider"];
      const tests = join(root, "test", "engines");
      const run = await $({
        cwd: root,
        env,
        stdio: "inherit",
        nothrow: true
      })`${python} -m pytest ${quiet} ${tests} ${options}`;
      process.exitCode = run.exitCode === 0 ? 0 : 1;
    } finally {
      if (!keep) await rm(folder, {recursive: true, force: true});
    }
  });

await runCommand(command);

/** Makes the environment, unless it stands as the recipe has it. */
async function install(): Promise<void> {
  await need("java", ["-version"], "Spark runs on Java 17 or later", (version) => {
    const [, major] = /version "(\d+)/.exec(version) ?? [];
    return Number(major) >= 17;
  });
  // Written last, so that an environment whose making was cut short is made again.
  const done = join(environment, "made-from");
  const wanted = (await Promise.all(recipe.map((file) => readFile(file, "utf8")))).join("");
  if (existsSync(done) && (await readFile(done, "utf8")) === wanted) return;
  const system = windows ? "python" : "python3";
  await need(
    system,
    ["-c", "import ensurepip, sys; print(sys.version_info >= (3, 11))"],
    "it takes Python 3.11 or later with venv",
    (output) => output.includes("True")
  );
  await need("mvn", ["-version"], "Maven fetches Delta's jars for Spark", () => true);
  console.log(`installing Spark and delta-rs into ${relative(root, environment)} (once, about 1.3 GB)`);
  await rm(environment, {recursive: true, force: true});
  await $`${system} -m venv ${environment}`;
  await $`${python} -m pip install --quiet --disable-pip-version-check -r ${recipe[0]}`;
  await $`mvn --quiet --batch-mode -f ${recipe[1]} dependency:copy-dependencies -DoutputDirectory=${jars}`;
  await writeFile(done, wanted);
}

async function need(program: string, args: string[], why: string, suits: (output: string) => boolean): Promise<void> {
  const {stdout, stderr, exitCode} = await $({nothrow: true, quiet: true})`${program} ${args}`;
  if (exitCode === 0 && suits(stdout + stderr)) return;
  const found = exitCode === 0 ? `too old: ${(stdout + stderr).split("\n")[0]}` : "not found";
  throw new Error(
    `${program} ${found}: ${why}; install it (Debian: apt-get install default-jdk-headless maven python3-venv)`
  );
}

/** The sample data's lake, by the command that a user gives, and the test clients'. */
async function buildLakes(folder: string): Promise<void> {
  const landing = join(folder, "landing");
  // A copy: a run writes its list of arrivals beside the files.
  await cp(join(root, "lake", "landing"), landing, {
    recursive: true,
    filter: (path) => !path.endsWith("_arrivals.jsonl")
  });
  await $({cwd: root, stdio: "inherit"})`npm run -s pipeline -- --lake ${join(folder, "sample")} --landing ${landing}`;
  const started = performance.now();
  const runs = await buildClients(join(folder, "clients"));
  console.log(`test clients: ${runs} runs in ${((performance.now() - started) / 1000).toFixed(1)} s`);
}

/** The models and the functions of Spark, read as the program reads them. */
async function models(): Promise<object> {
  const database = await openDuckDB();
  try {
    const project = await openProject(database);
    const functions = await readFile(join(root, "sql", "functions", "spark.sql"), "utf8");
    return {
      // Each after those it reads.
      models: project.models
        .filter(({name}) => !name.startsWith("bronze."))
        .map(({name, sql, stored, portable}) => ({name, sql, stored, portable})),
      functions: statements(functions).map(({sql}) => sql)
    };
  } finally {
    database.close();
  }
}
