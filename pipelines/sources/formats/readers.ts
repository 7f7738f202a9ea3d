import {csv} from "./csv.js";
import {parquet} from "./parquet.js";
import type {Reader} from "./reader.js";

/** The readers, by the name that a Bronze model's header has in `format`. */
export const readers: Readonly<Record<string, Reader>> = {parquet, csv};
