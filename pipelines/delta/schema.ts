/** A column of a table, with its DuckDB type: `DECIMAL(18,6)`, `BIGINT[]`, `TIMESTAMP WITH TIME ZONE`. */
export interface Column {
  readonly name: string;
  readonly type: string;
}

type DeltaType = string | {readonly type: string; readonly [key: string]: any};

const primitives: Readonly<Record<string, string>> = {
  VARCHAR: "string",
  BIGINT: "long",
  INTEGER: "integer",
  SMALLINT: "short",
  TINYINT: "byte",
  DOUBLE: "double",
  FLOAT: "float",
  BOOLEAN: "boolean",
  DATE: "date",
  BLOB: "binary",
  "TIMESTAMP WITH TIME ZONE": "timestamp"
};
const duckdbTypes = new Map(Object.entries(primitives).map(([duckdb, delta]) => [delta, duckdb]));
// Read from tables of others; ours have none, it would ask more of their readers.
duckdbTypes.set("timestamp_ntz", "TIMESTAMP");

/**
 * The columns as a Delta schema string.
 *
 * @throws Error for a type that Delta's first protocol has no equivalent of.
 */
export function schemaString(columns: readonly Column[]): string {
  const fields = columns.map(({name, type}) => ({name, type: deltaType(type, name), nullable: true, metadata: {}}));
  return JSON.stringify({type: "struct", fields});
}

/** The columns of a Delta schema string. */
export function columnsOf(schema: string): Column[] {
  return JSON.parse(schema).fields.map(({name, type}: any) => ({name, type: duckdbType(type, name)}));
}

function deltaType(type: string, column: string): DeltaType {
  const primitive = primitives[type];
  if (primitive) return primitive;
  const decimal = /^DECIMAL\((\d+),\s*(\d+)\)$/.exec(type);
  if (decimal) return `decimal(${decimal[1]},${decimal[2]})`;
  if (type.endsWith("[]"))
    return {type: "array", elementType: deltaType(type.slice(0, -2), column), containsNull: true};
  const nested = /^(STRUCT|MAP)\((.*)\)$/s.exec(type);
  if (nested?.[1] === "MAP") {
    const [key, value] = splitTypes(nested[2]!);
    return {
      type: "map",
      keyType: deltaType(key!, column),
      valueType: deltaType(value!, column),
      valueContainsNull: true
    };
  }
  if (nested) {
    const fields = splitTypes(nested[2]!).map((field) => {
      const [, quoted, plain, fieldType] = /^(?:"((?:[^"]|"")*)"|(\w+)) (.*)$/s.exec(field)!;
      return {
        name: quoted?.replaceAll('""', '"') ?? plain,
        type: deltaType(fieldType!, column),
        nullable: true,
        metadata: {}
      };
    });
    return {type: "struct", fields};
  }
  throw new Error(
    `type not storable: column ${column} is ${type}; cast it, a naive TIMESTAMP to TIMESTAMPTZ, HUGEINT to DECIMAL(38,0)`
  );
}

function duckdbType(type: DeltaType, column: string): string {
  if (typeof type === "string") {
    const known = duckdbTypes.get(type) ?? (type.startsWith("decimal") ? type.toUpperCase() : undefined);
    if (!known) throw new Error(`type not supported: column ${column} is ${type}`);
    return known;
  }
  if (type.type === "array") return `${duckdbType(type.elementType, column)}[]`;
  if (type.type === "map") return `MAP(${duckdbType(type.keyType, column)}, ${duckdbType(type.valueType, column)})`;
  const fields = type.fields.map(
    (field: any) => `"${field.name.replaceAll('"', '""')}" ${duckdbType(field.type, column)}`
  );
  return `STRUCT(${fields.join(", ")})`;
}

/** Splits at the commas that are in no brackets and no quotes. */
function splitTypes(text: string): string[] {
  const parts: string[] = [""];
  let depth = 0;
  for (const [piece] of text.matchAll(/"(?:[^"]|"")*"|[\s\S]/g)) {
    if (piece === "(") depth++;
    if (piece === ")") depth--;
    if (piece === "," && depth === 0) parts.push("");
    else parts[parts.length - 1] += piece;
  }
  return parts.map((part) => part.trim());
}
