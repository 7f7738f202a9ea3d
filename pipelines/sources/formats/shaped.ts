import type {Shape} from "../shape.js";
import type {Reader} from "./reader.js";
import {shapeBreach} from "./shape_columns.js";
import {shapedColumns, shapedRows} from "./shape_sql.js";

/** Reads files of another reader's as rows of `bronze.interval_row`, by the shape of their source. */
export function shapedReader(inner: Reader, shape: Shape, timeZone: string): Reader {
  return {
    extensions: inner.extensions,
    columns: (connection, files) => inner.columns(connection, files),
    select: (files, columns) => shapedRows({shape, columns, timeZone, rows: inner.select(files, columns)}),
    breach: (columns) => shapeBreach(shape, columns),
    selected: () => selected,
    ...(inner.without && {without: inner.without})
  };
}

const selected = new Map([...shapedColumns, "file_row"].map((column) => [column, "VARCHAR"] as const));
