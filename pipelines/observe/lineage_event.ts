import {join} from "node:path";
import {pathToFileURL} from "node:url";
import type {Column} from "../delta/schema.js";
import {type ColumnLineage, isDirect, type UsedColumn} from "../models/column_lineage.js";
import type {Model} from "../models/model.js";
import type {LandedFile, RunStarted, TableChecked, TableCommitted, TablePlanned} from "./events.js";

/** A run of a job, and what is known of it so far. */
export interface Job {
  readonly id: string;
  /** A model's name, or `pipeline`. */
  readonly name: string;
  readonly inputs: Dataset[];
  /** Where the columns of what it makes come from. */
  readonly columns?: Promise<ColumnLineage>;
  readonly committed?: TableCommitted;
  readonly checked?: TableChecked;
}

export type Transition = "START" | "COMPLETE" | "FAIL";

/** What an event tells of. */
interface Told {
  readonly type: Transition;
  readonly time: Date;
  readonly job: Job;
  /** The job that all others are run by. */
  readonly pipeline: Job;
  readonly started: RunStarted;
  /** The lake's folder, an absolute path. */
  readonly lake: string;
  readonly error?: string;
  readonly columns?: ColumnLineage;
}

/**
 * A table or a file as OpenLineage names what lies on a disk: namespace `file`, and its path. What Spark tells of the
 * same tables has the same names.
 */
interface Dataset {
  readonly namespace: string;
  readonly name: string;
  readonly facets?: Readonly<Record<string, Facet>>;
  readonly outputFacets?: Readonly<Record<string, Facet>>;
}

type Facet = Readonly<Record<string, unknown>>;

const producer = "https://www.npmjs.com/package/wattlake";
const spec = "https://openlineage.io/spec";
const namespace = "wattlake";

/** An event of OpenLineage: how a job's run began or ended, from what and what it made. */
export function lineageEvent({type, time, job, pipeline, started, lake, error, columns}: Told): object {
  const {catalog, engineVersion} = started;
  const isPipeline = job.id === pipeline.id;
  const model = catalog.models.get(job.name);
  return {
    eventType: type,
    eventTime: time.toISOString(),
    producer,
    schemaURL: `${spec}/2-0-2/OpenLineage.json#/$defs/RunEvent`,
    run: {
      runId: job.id,
      facets: {
        processing_engine: facet("facets/1-1-0", "ProcessingEngineRunFacet", {name: "duckdb", version: engineVersion}),
        ...(!isPipeline && {
          parent: facet("1-0-1", "ParentRunFacet", {run: {runId: pipeline.id}, job: {namespace, name: pipeline.name}})
        }),
        ...(error !== undefined && {
          errorMessage: facet("facets/1-0-0", "ErrorMessageRunFacet", {message: error, programmingLanguage: "SQL"})
        })
      }
    },
    job: {
      namespace,
      name: job.name,
      facets: {
        jobType: facet("facets/2-0-2", "JobTypeJobFacet", {
          processingType: "BATCH",
          integration: "WATTLAKE",
          jobType: isPipeline ? "DAG" : "MODEL"
        }),
        ...(model && {sql: facet("1-0-1", "SQLJobFacet", {query: model.sql})})
      }
    },
    inputs: job.inputs,
    outputs: isPipeline ? [] : [outputOf(job, model, columns, lake)]
  };
}

/** A table at the version that was read. */
export function tableInput(lake: string, {table, version}: TablePlanned["inputs"][number]): Dataset {
  return {...tableDataset(lake, table), facets: {dataSource: dataSource(lake), version: versionOf(String(version))}};
}

/** A raw file; its content's hash is its version. */
export function landedFile(folder: string, {path, sha256}: LandedFile): Dataset {
  return {namespace: "file", name: join(folder, path), facets: {version: versionOf(sha256)}};
}

function outputOf(
  {name, committed, checked}: Job,
  model: Model | undefined,
  lineage: ColumnLineage | undefined,
  lake: string
): Dataset {
  const facets = {
    dataSource: dataSource(lake),
    ...(model && {documentation: facet("1-0-1", "DocumentationDatasetFacet", {description: model.description})}),
    ...(lineage && {columnLineage: columnLineageOf(lineage, lake)}),
    ...(checked && {dataQualityAssertions: assertionsOf(checked)})
  };
  if (!committed) return {...tableDataset(lake, name), facets};
  const {columns, version, rows, bytes} = committed;
  return {
    ...tableDataset(lake, name),
    facets: {...facets, schema: schemaOf(columns), version: versionOf(String(version))},
    outputFacets: {
      outputStatistics: facet("1-0-1", "OutputStatisticsOutputDatasetFacet", {rowCount: rows, size: bytes})
    }
  };
}

function tableDataset(lake: string, table: string): Pick<Dataset, "namespace" | "name"> {
  return {namespace: "file", name: join(lake, ...table.split("."))};
}

function dataSource(lake: string): Facet {
  return facet("1-0-1", "DatasourceDatasetFacet", {name: lake, uri: pathToFileURL(lake).href});
}

function versionOf(datasetVersion: string): Facet {
  return facet("facets/1-0-0", "DatasetVersionDatasetFacet", {datasetVersion});
}

function schemaOf(columns: readonly Column[]): Facet {
  return facet("facets/1-0-0", "SchemaDatasetFacet", {fields: columns.map(({name, type}) => ({name, type}))});
}

/** Where each column comes from. Readers of version 1-2-0 also find by what transformations, and what decides rows. */
function columnLineageOf({columns, rows}: ColumnLineage, lake: string): Facet {
  const inputFields = (used: readonly UsedColumn[]) =>
    used.map(({table, column, uses}) => ({
      ...tableDataset(lake, table),
      field: column,
      transformations: uses.map((use) => ({
        type: isDirect(use) ? "DIRECT" : "INDIRECT",
        subtype: use.toUpperCase(),
        description: "",
        masking: false
      }))
    }));
  return facet("facets/1-0-1", "ColumnLineageDatasetFacet", {
    fields: Object.fromEntries(columns.map(({name, inputs}) => [name, {inputFields: inputFields(inputs)}])),
    dataset: inputFields(rows)
  });
}

/** Which checks hold; of one that is about several columns, no column is told. */
function assertionsOf({checks, failures}: TableChecked): Facet {
  const assertions = checks.map(({name, column}) => ({
    assertion: name,
    success: !failures.some(({check}) => check === name),
    ...(column && !column.includes(",") && {column})
  }));
  return facet("facets/1-0-0", "DataQualityAssertionsDatasetFacet", {assertions});
}

/** A facet, which names the version of the schema that it follows. */
function facet(version: string, name: string, content: Facet): Facet {
  return {_producer: producer, _schemaURL: `${spec}/${version}/${name}.json#/$defs/${name}`, ...content};
}
