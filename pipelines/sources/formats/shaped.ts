import type {Shape} from "../shape.js";
import type {LabelAt} from "../source.js";
import type {Reader} from "./reader.js";
import {shapeBreach} from "./shape_columns.js";
import {mayBeFine, shapedColumns, shapedRows} from "./shape_sql.js";

/** Reads files of another reader's as rows of `bronze.interval_row`, by the shape of their source. */
export function shapedReader(inner: Reader, shape: Shape, timeZone: string, labelAt?: LabelAt): Reader {
  return {
    extensions: inner.extensions,
    columns: (connection, files, limits) => inner.columns(connection, files, limits),
    select: (files, columns) => shapedRows({shape, columns, timeZone, labelAt, rows: inner.select(files, columns)}),
    breach: (columns) => shapeBreach(shape, columns),
    selected: () => new Map([...names, ...(mayBeFine(shape) ? ["parts"] : [])].map((name) => [name, "VARCHAR"])),
    ...(inner.without && {without: inner.without})
  };
}

const names = [...shapedColumns, "file_row"];
