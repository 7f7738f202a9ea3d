import type {DuckDBDataChunk, DuckDBResult, DuckDBType} from "@duckdb/node-api";
import {DuckDBTypeId} from "@duckdb/node-api";
import duckdb from "@duckdb/node-bindings";
import {
  Binary,
  Bool,
  type DataType,
  DateDay,
  Decimal,
  Field,
  FixedSizeList,
  Float32,
  Float64,
  Int8,
  Int16,
  Int32,
  Int64,
  List,
  Map_,
  makeData,
  RecordBatch,
  Schema,
  Struct,
  Table,
  TimeMicrosecond,
  Timestamp,
  TimeUnit,
  Uint8,
  Uint16,
  Uint32,
  Uint64,
  Utf8
} from "apache-arrow";
import {readData} from "./arrow_data.js";

/** Rows of one record batch: DuckDB's own row group, so that offsets of texts and lists stay far from 2^31. */
const batchRows = 122_880;

/**
 * Reads a result into an Arrow table whose types are as exact as DuckDB's:
 * DECIMAL(p, s) is Decimal of 128 bits, TIMESTAMPTZ a Timestamp of microseconds in UTC, DATE a DateDay, BIGINT an Int64,
 * VARCHAR and ENUM are Utf8, LIST, ARRAY, STRUCT and MAP keep their shape, and NULL stays NULL. HUGEINT, which a sum of
 * integers is, becomes Decimal(38, 0), as in DuckDB's own Arrow interface.
 *
 * Values are copied from DuckDB's vectors buffer by buffer; no row is ever an object.
 *
 * @throws Error `no arrow type for …` for types without an exact counterpart: cast the column in the query.
 */
export async function toArrow(result: DuckDBResult): Promise<Table> {
  const types = result.columnTypes();
  const fields = result
    .deduplicatedColumnNames()
    .map((name, index) => Field.new(name, arrowType(types[index]!, name), true));
  const schema = new Schema(fields);
  const batches: RecordBatch[] = [];

  let chunks: DuckDBDataChunk[] = [];
  let rows = 0;
  const flush = () => {
    if (rows > 0) batches.push(readBatch(schema, types, chunks, rows));
    chunks = [];
    rows = 0;
  };
  for (let chunk = await result.fetchChunk(); chunk !== null && chunk.rowCount > 0; chunk = await result.fetchChunk()) {
    chunks.push(chunk);
    rows += chunk.rowCount;
    if (rows >= batchRows) flush();
  }
  flush();
  return new Table(schema, batches);
}

function readBatch(
  schema: Schema,
  types: readonly DuckDBType[],
  chunks: readonly DuckDBDataChunk[],
  length: number
): RecordBatch {
  const children = schema.fields.map((field, column) =>
    readData(
      field.type,
      types[column]!,
      chunks.map(({chunk, rowCount}) => ({
        vector: duckdb.data_chunk_get_vector(chunk, column),
        size: rowCount,
        ranges: [{start: 0, count: rowCount}]
      }))
    )
  );
  return new RecordBatch(schema, makeData({type: new Struct(schema.fields), length, nullCount: 0, children}));
}

/** The Arrow type that holds every value of a DuckDB type exactly. */
function arrowType(type: DuckDBType, column: string): DataType {
  const nested = (inner: DuckDBType, name: string) => Field.new(name, arrowType(inner, column), true);
  switch (type.typeId) {
    case DuckDBTypeId.BOOLEAN:
      return new Bool();
    case DuckDBTypeId.TINYINT:
      return new Int8();
    case DuckDBTypeId.SMALLINT:
      return new Int16();
    case DuckDBTypeId.INTEGER:
      return new Int32();
    case DuckDBTypeId.BIGINT:
      return new Int64();
    case DuckDBTypeId.UTINYINT:
      return new Uint8();
    case DuckDBTypeId.USMALLINT:
      return new Uint16();
    case DuckDBTypeId.UINTEGER:
      return new Uint32();
    case DuckDBTypeId.UBIGINT:
      return new Uint64();
    case DuckDBTypeId.FLOAT:
      return new Float32();
    case DuckDBTypeId.DOUBLE:
      return new Float64();
    case DuckDBTypeId.HUGEINT:
      return new Decimal(0, 38, 128);
    case DuckDBTypeId.DECIMAL:
      return new Decimal(type.scale, type.width, 128);
    case DuckDBTypeId.DATE:
      return new DateDay();
    case DuckDBTypeId.TIME:
      return new TimeMicrosecond();
    case DuckDBTypeId.TIMESTAMP_TZ:
      return new Timestamp(TimeUnit.MICROSECOND, "UTC");
    case DuckDBTypeId.TIMESTAMP:
      return new Timestamp(TimeUnit.MICROSECOND);
    case DuckDBTypeId.TIMESTAMP_S:
      return new Timestamp(TimeUnit.SECOND);
    case DuckDBTypeId.TIMESTAMP_MS:
      return new Timestamp(TimeUnit.MILLISECOND);
    case DuckDBTypeId.TIMESTAMP_NS:
      return new Timestamp(TimeUnit.NANOSECOND);
    case DuckDBTypeId.VARCHAR:
    case DuckDBTypeId.ENUM:
      return new Utf8();
    case DuckDBTypeId.BLOB:
      return new Binary();
    case DuckDBTypeId.LIST:
      return new List(nested(type.valueType, "item"));
    case DuckDBTypeId.ARRAY:
      return new FixedSizeList(type.length, nested(type.valueType, "item"));
    case DuckDBTypeId.STRUCT:
      return new Struct(type.entryNames.map((name, index) => nested(type.entryTypes[index]!, name)));
    case DuckDBTypeId.MAP: {
      // A key is never NULL, and Arrow's readers ask that its type says so.
      const key = Field.new("key", arrowType(type.keyType, column), false);
      return new Map_(Field.new("entries", new Struct<any>([key, nested(type.valueType, "value")]), false));
    }
    default:
      throw new Error(`no arrow type for column ${column}: ${type}; cast it in the query`);
  }
}
