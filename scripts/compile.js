import {mkdir, readdir, readFile, rename, rm, stat, writeFile} from "node:fs/promises";
import {dirname, join} from "node:path";
import {fileURLToPath} from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

/**
 * Compiles what of the program was changed since it was compiled: a process that runs JavaScript starts in half the time of
 * one that compiles first. A file that is older than what was made of it is left alone. Types are not checked.
 */
export default async function compile() {
  const files = (await readdir(join(root, "pipelines"), {recursive: true})).filter((file) => file.endsWith(".ts"));
  const isChanged = await Promise.all(files.map((file) => isNewer(sourceOf(file), compiledOf(file))));
  const changed = files.filter((_, index) => isChanged[index]);
  await removeOthers(new Set(files.map(compiledOf)));
  if (changed.length === 0) return;
  // The compiler alone takes a second to load.
  const {default: ts} = await import("typescript");
  const {config} = ts.readConfigFile(join(root, "tsconfig.json"), ts.sys.readFile);
  const {options} = ts.convertCompilerOptionsFromJson(config.compilerOptions, root);
  // A file alone doesn't tell that its package is one of modules.
  const compilerOptions = {...options, module: ts.ModuleKind.ESNext};
  for (const file of changed) {
    const text = await readFile(sourceOf(file), "utf8");
    await replaceFile(compiledOf(file), ts.transpileModule(text, {compilerOptions, fileName: file}).outputText);
  }
}

/** Removes what was compiled of files that are gone. */
async function removeOthers(compiled) {
  const files = await readdir(join(root, "dist"), {recursive: true}).catch(() => []);
  const others = files
    .map((file) => join(root, "dist", file))
    .filter((file) => /\.js$/.test(file) && !compiled.has(file));
  for (const file of others) for (const each of [file, file.replace(/js$/, "d.ts")]) await rm(each, {force: true});
}

/** Writes a file at once, so that another process that starts meanwhile finds it whole. */
async function replaceFile(file, text) {
  await mkdir(dirname(file), {recursive: true});
  const draft = `${file}.${process.pid}`;
  await writeFile(draft, text);
  await rename(draft, file);
}

function sourceOf(file) {
  return join(root, "pipelines", file);
}

function compiledOf(file) {
  return join(root, "dist", file.replace(/ts$/, "js"));
}

/** Whether a file was changed after another was written, or the other isn't there. */
async function isNewer(file, than) {
  const compiled = await stat(than).catch(() => undefined);
  return compiled === undefined || (await stat(file)).mtimeMs >= compiled.mtimeMs;
}
