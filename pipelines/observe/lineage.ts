import {randomUUID} from "node:crypto";
import {appendFile} from "node:fs/promises";
import {join, resolve} from "node:path";
import {pathToFileURL} from "node:url";
import type {Column} from "../delta/schema.js";
import type {Model} from "../models/model.js";
import type {LandedFile, Listener, RunEvent, RunStarted, TableChecked, TableCommitted, TablePlanned} from "./events.js";
import {runFile} from "./kept_files.js";

/** A job's run that has begun, and what is known of it so far. */
interface Job {
  readonly id: string;
  readonly name: string;
  readonly inputs: Dataset[];
  committed?: TableCommitted;
  checked?: TableChecked;
}

interface Dataset {
  readonly namespace: string;
  readonly name: string;
  readonly facets?: Facets;
  readonly outputFacets?: Facets;
}

type Facets = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

const producer = "https://www.npmjs.com/package/wattlake";
const spec = "https://openlineage.io/spec";
const eventSchema = `${spec}/2-0-2/OpenLineage.json#/$defs/RunEvent`;
const jobNamespace = "wattlake";
const pipelineJob = "pipeline";

/**
 * Writes what was made from what as events of OpenLineage (https://openlineage.io, its core 2-0-2), a line each, to
 * `lineage/RUN.jsonl` in the lake's folder: a job for the pipeline, and below it one for each model that is built and
 * each Bronze table that takes files in. Datasets are named as OpenLineage names files: namespace `file`, and the
 * table's folder, so that what Spark tells of the same tables meets them.
 *
 * @param landing the folder of the raw files
 */
export function runLineage(lake: string, landing: string): Listener {
  const root = resolve(lake);
  const jobs = new Map<string, Job>();
  const parent: Job = {id: randomUUID(), name: pipelineJob, inputs: []};
  let begun: RunStarted | undefined;
  let writing = Promise.resolve("");
  const emit = (type: "START" | "COMPLETE" | "FAIL", job: Job, error?: string) => {
    const line = `${JSON.stringify(eventOf(type, job, parent, begun!, root, error))}\n`;
    writing = writing.then(async (file) => {
      await appendFile(file, line);
      return file;
    });
  };
  const start = (name: string, inputs: Dataset[]) => {
    const job = {id: randomUUID(), name, inputs};
    jobs.set(name, job);
    emit("START", job);
    return job;
  };
  const end = (name: string, error?: string) => {
    const job = jobs.get(name);
    if (job) emit(error === undefined ? "COMPLETE" : "FAIL", job, error);
    jobs.delete(name);
  };
  const hear = (event: RunEvent) => {
    switch (event.kind) {
      case "run started":
        begun = event;
        writing = runFile(join(lake, "lineage"), event.run);
        return emit("START", parent);
      case "file taken": {
        const job = jobs.get(event.table) ?? start(event.table, []);
        return void job.inputs.push(landedFile(resolve(landing), event.file));
      }
      case "table planned":
        if (event.scope !== "nothing")
          start(
            event.table,
            event.inputs.map((input) => tableInput(root, input))
          );
        return;
      case "table checked":
        return keep(jobs.get(event.table), {checked: event});
      case "table committed":
        return keep(jobs.get(event.table), {committed: event});
      case "table ingested":
        return end(event.table);
      case "table lost":
        return end(event.table, "another process committed first; it is planned anew");
      case "table finished":
        return end(event.table, event.outcome === "failed" ? event.reason : undefined);
      case "run finished":
        return emit(event.complete ? "COMPLETE" : "FAIL", parent, event.complete ? undefined : "not complete");
      case "run failed":
        for (const name of jobs.keys()) end(name, event.error);
        if (begun) emit("FAIL", parent, event.error);
    }
  };
  return async (event) => {
    const before = writing;
    hear(event);
    if (writing !== before) await writing;
  };
}

function keep(job: Job | undefined, known: Partial<Job>): void {
  if (job) Object.assign(job, known);
}

function eventOf(
  type: "START" | "COMPLETE" | "FAIL",
  job: Job,
  parent: Job,
  {models, engineVersion}: RunStarted,
  root: string,
  error: string | undefined
): object {
  const isParent = job === parent;
  const model = models.get(job.name);
  return {
    eventType: type,
    eventTime: new Date().toISOString(),
    producer,
    schemaURL: eventSchema,
    run: {
      runId: job.id,
      facets: {
        processing_engine: facet("facets/1-1-0", "ProcessingEngineRunFacet", {name: "duckdb", version: engineVersion}),
        ...(!isParent && {
          parent: facet("1-0-1", "ParentRunFacet", {
            run: {runId: parent.id},
            job: {namespace: jobNamespace, name: parent.name}
          })
        }),
        ...(error !== undefined && {
          errorMessage: facet("facets/1-0-0", "ErrorMessageRunFacet", {message: error, programmingLanguage: "SQL"})
        })
      }
    },
    job: {
      namespace: jobNamespace,
      name: job.name,
      facets: {
        jobType: facet("facets/2-0-2", "JobTypeJobFacet", {
          processingType: "BATCH",
          integration: "WATTLAKE",
          jobType: isParent ? "DAG" : "MODEL"
        }),
        ...(model && {sql: facet("1-0-1", "SQLJobFacet", {query: model.sql})})
      }
    },
    inputs: job.inputs,
    outputs: isParent ? [] : [outputOf(job, model, root)]
  };
}

function outputOf({name, committed, checked}: Job, model: Model | undefined, root: string): Dataset {
  const {columns, version, rows, bytes} = committed ?? {};
  return {
    ...tableDataset(root, name),
    facets: {
      dataSource: dataSource(root),
      ...(model && {documentation: facet("1-0-1", "DocumentationDatasetFacet", {description: model.description})}),
      ...(columns && {schema: schemaOf(columns)}),
      ...(version !== undefined && {version: versionOf(version)}),
      ...(checked && {dataQualityAssertions: assertionsOf(checked)})
    },
    ...(committed && {
      outputFacets: {
        outputStatistics: facet("1-0-1", "OutputStatisticsOutputDatasetFacet", {rowCount: rows, size: bytes})
      }
    })
  };
}

function tableInput(root: string, {table, version}: TablePlanned["inputs"][number]): Dataset {
  return {...tableDataset(root, table), facets: {dataSource: dataSource(root), version: versionOf(version)}};
}

function tableDataset(root: string, table: string): Pick<Dataset, "namespace" | "name"> {
  return {namespace: "file", name: join(root, ...table.split("."))};
}

/** A raw file; its content's hash is its version. */
function landedFile(folder: string, {path, sha256}: LandedFile): Dataset {
  const facets = {version: facet("facets/1-0-0", "DatasetVersionDatasetFacet", {datasetVersion: sha256})};
  return {namespace: "file", name: join(folder, path), facets};
}

function dataSource(root: string): Facets[string] {
  return facet("1-0-1", "DatasourceDatasetFacet", {name: root, uri: pathToFileURL(root).href});
}

function schemaOf(columns: readonly Column[]): Facets[string] {
  return facet("facets/1-0-0", "SchemaDatasetFacet", {fields: columns.map(({name, type}) => ({name, type}))});
}

function versionOf(version: number): Facets[string] {
  return facet("facets/1-0-0", "DatasetVersionDatasetFacet", {datasetVersion: String(version)});
}

/** Which checks hold; of one that is about several columns, no column is told. */
function assertionsOf({checks, failures}: TableChecked): Facets[string] {
  const assertions = checks.map(({name, column}) => ({
    assertion: name,
    success: !failures.some(({check}) => check === name),
    ...(column && !column.includes(",") && {column})
  }));
  return facet("facets/1-0-0", "DataQualityAssertionsDatasetFacet", {assertions});
}

/** A facet, which names the version of the schema that it follows. */
function facet(version: string, name: string, content: Readonly<Record<string, unknown>>): Facets[string] {
  return {_producer: producer, _schemaURL: `${spec}/${version}/${name}.json#/$defs/${name}`, ...content};
}
