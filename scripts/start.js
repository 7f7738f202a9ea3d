import {join} from "node:path";
import {fileURLToPath, pathToFileURL} from "node:url";
import compile from "./compile.js";

// Runs a program of pipelines/ by its name, compiled: `node scripts/start.js run --help`. Nobody runs what is older than its source.
await compile();
const [node, , name, ...words] = process.argv;
const program = join(fileURLToPath(new URL("../dist", import.meta.url)), `${name}.js`);
process.argv = [node, program, ...words];
await import(pathToFileURL(program).href);
