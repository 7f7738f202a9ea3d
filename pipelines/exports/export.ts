import type {Lakehouse} from "../lakehouse.js";
import {isView} from "../models/catalog.js";
import {defineTables} from "../models/relations.js";
import {exportCsv} from "./csv.js";
import {exportDuckDB} from "./duckdb.js";
import {exportParquet} from "./parquet.js";

/** The formats to export to. */
const writers = {parquet: exportParquet, csv: exportCsv, duckdb: exportDuckDB} as const;

export type ExportFormat = keyof typeof writers;
