import {runPipeline} from "../../pipelines/pipeline.js";

/**
 * A run in a process of its own, to be killed: `child.ts OPTIONS`, the pipeline's options as JSON. It says `started`
 * once the program is loaded, and what became of the run, or the error's sentence, as its last line.
 */
process.stdout.write("started\n");
try {
  const {run, complete, tables, intake} = await runPipeline(JSON.parse(process.argv[2]!));
  const problems = tables.flatMap(({table, error}) => (error === undefined ? [] : [`${table}: ${error}`]));
  process.stdout.write(`${JSON.stringify({run, complete, problems, rejected: intake.rejected.length})}\n`);
} catch (error) {
  process.stdout.write(`${JSON.stringify({error: error instanceof Error ? error.message : String(error)})}\n`);
  process.exitCode = 1;
}
