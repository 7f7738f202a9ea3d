/**
 * One command that writes, in a process of its own, to be killed or to meet a full disk: `verb.js ORDER`, a `verbs.ts`
 * Order as JSON. It says `started` once the program is loaded, and what became of the command, or the error's sentence,
 * as its last line. Plain JavaScript over the compiled program starts in half the time, and it is started hundreds of
 * times.
 */
import {optimizeLake, restoreTable, vacuumLake} from "../../dist/care.js";
import {collect} from "../../dist/collect/collection.js";
import {openService} from "../../dist/collect/service.js";
import {weatherFeed} from "../../dist/collect/weather.js";
import {openDuckDB} from "../../dist/engines/duckdb.js";
import {eraseCustomer} from "../../dist/erasure/erase.js";
import {exportTables} from "../../dist/exports/export.js";
import {openLakehouse} from "../../dist/lakehouse.js";
import {openProject} from "../../dist/models/project.js";
import {isProven} from "../../dist/observe/erasure_report.js";
import {runPipeline} from "../../dist/pipeline.js";
import {deliver} from "../../dist/sources/delivery.js";
import {faultText} from "../../dist/wording/command.js";

const verbs = {
  pipeline,
  backfill: pipeline,
  land: ({lake, sql, source, file}) => withDock({lake, sql}, (dock) => deliver(dock, source, {file})),
  collect: ({lake, sql, source, url, days}) =>
    withDock({lake, sql}, async (dock) => {
      // Asked for as weather is, day by day; what comes is the source's.
      const weather = weatherFeed([{latitude: 54.7, longitude: 25.3}], url);
      const feed = {...weather, source: source.name, extension: ".csv", judge: () => ({kind: "good"})};
      const ask = openService({perMinute: 60_000, tries: 1});
      const all = [];
      for await (const one of collect(feed, days, dock, source, ask)) all.push(one);
      return {outcomes: all.map(({outcome}) => outcome), problems: all.flatMap(({reason}) => reason ?? [])};
    }),
  optimize: async ({lake}) => ({tables: (await optimizeLake(lake)).length}),
  vacuum: async ({lake}) => ({tables: (await vacuumLake(lake, {retainMilliseconds: 0, dryRun: false})).length}),
  restore: async ({lake, table, version}) => ({version: await restoreTable(lake, table, version)}),
  erase: async ({options, customer}) => ({proven: isProven(await eraseCustomer(options, customer))}),
  async export({lake, sql, to, format}) {
    const opened = await openLakehouse(lake, undefined, {sql});
    try {
      return {tables: (await exportTables(opened, to, format)).length};
    } finally {
      await opened.close();
    }
  }
};

async function pipeline({options}) {
  const {run, complete, tables, intake} = await runPipeline(options);
  const problems = tables.flatMap(({table, error}) => (error === undefined ? [] : [`${table}: ${error}`]));
  return {run, complete, problems, rejected: intake.rejected.length};
}

async function withDock({lake, sql}, work) {
  const database = await openDuckDB();
  try {
    const {models} = await openProject(database, {sql});
    const dock = {landing: `${lake}/landing`, database, models: new Map(models.map((model) => [model.name, model]))};
    return await work(dock);
  } finally {
    database.close();
  }
}

process.stdout.write("started\n");
const order = JSON.parse(process.argv[2]);
try {
  process.stdout.write(`${JSON.stringify(await verbs[order.verb](order))}\n`);
} catch (error) {
  process.stdout.write(`${JSON.stringify({error: faultText(error)})}\n`);
  process.exitCode = 1;
}
