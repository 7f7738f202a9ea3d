import {closeSync, openSync, readSync, writeSync} from "node:fs";
import {join} from "node:path";
import type {Connection} from "../../engines/duckdb.js";
import {type CutColumns, cutFiles, type LineWriter} from "./json_large.js";
import type {JsonText} from "./json_text.js";
import type {Limits} from "./limits.js";
import type {FileColumns} from "./reader.js";

/**
 * Turns answers of Open-Meteo, whose arrays are one after the other, into a row an hour: the values of all columns as one array.
 */
export async function cutAnswers(
  connection: Connection,
  files: readonly string[],
  limits: Limits
): Promise<Map<string, CutColumns | Error>> {
  const arrays = new ArrayStore(join(await connection.scratch(), `arrays-${++made}.txt`));
  try {
    return await cutFiles(connection, files, limits, async (text, lines) => {
      const answers: Answer[] = [];
      let hours = 0;
      const object = async () => {
        const answer = await readAnswer(text, arrays);
        answers.push(answer);
        hours += writeHours(answer, arrays, lines, hours);
      };
      if ((await text.next()) === "list") await text.objects(object);
      else await object();
      return columnsOf(answers);
    });
  } finally {
    arrays.close();
  }
}

let made = 0;

/** An answer for one point: what is said of it, as JSON, and its arrays. */
interface Answer {
  readonly members: ReadonlyMap<string, string>;
  readonly arrays: ReadonlyMap<string, readonly Piece[]> | undefined;
}

async function readAnswer(text: JsonText, store: ArrayStore): Promise<Answer> {
  const members = new Map<string, string>();
  let arrays: Map<string, readonly Piece[]> | undefined;
  await text.object(async (key) => {
    if (key !== "hourly" || (await text.next()) !== "object") {
      members.set(key, await text.value());
      return;
    }
    const found = new Map<string, readonly Piece[]>();
    await text.object(async (name) => {
      found.set(name, await store.store(text));
    });
    arrays = found;
  });
  return {members, arrays};
}

/** @throws Error naming what is wrong with the answers of a file */
function columnsOf(answers: readonly Answer[]): FileColumns {
  if (answers.length === 0) throw new Error("there is nothing in it");
  const refusal = answers.map(({members}) => members.get("reason")).find((reason) => reason !== undefined);
  if (refusal !== undefined) throw new Error(`the service refused: ${JSON.parse(refusal)}`);
  const [first] = answers;
  const names = [...(first!.arrays?.keys() ?? [])];
  if (!answers.every(({arrays}) => arrays?.has("time"))) throw new Error("no array hourly.time in it");
  if (answers.some(({arrays}) => [...arrays!.keys()].join() !== names.join()))
    throw new Error("its points have not all the same variables");
  for (const {arrays} of answers) {
    const hours = lengthOf(arrays!.get("time"));
    const uneven = names.find((name) => lengthOf(arrays!.get(name)) !== hours);
    if (uneven !== undefined) throw new Error(`hourly.${uneven} has not as many values as there are times`);
  }
  const variables = names.filter((name) => name !== "time");
  return new Map(
    [...ofAnswer, "time", ...variables.flatMap((name) => [name, `${name}_unit`])].map((name) => [name, "VARCHAR"])
  );
}

/** What is said of a point. */
const ofAnswer = ["latitude", "longitude", "utc_offset_seconds"];

function lengthOf(pieces: readonly Piece[] | undefined): number | undefined {
  return pieces?.reduce((sum, {count}) => sum + count, 0);
}

/** @returns how many hours were written */
function writeHours({members, arrays}: Answer, store: ArrayStore, lines: LineWriter, before: number): number {
  const times = arrays?.get("time") ?? [];
  const units = new Map(Object.entries(JSON.parse(members.get("hourly_units") ?? "{}") as Record<string, unknown>));
  const point = ofAnswer.map((name) => members.get(name) ?? "null");
  const variables = [...(arrays ?? [])].filter(([name]) => name !== "time");
  const unitOf = new Map(variables.map(([name]) => [name, JSON.stringify(units.get(name) ?? null)]));
  let number = before;
  for (const [part, piece] of times.entries()) {
    const time = store.valuesOf(piece);
    const columns = variables.map(([name, pieces]) => ({
      unit: unitOf.get(name)!,
      values: store.valuesOf(pieces[part])
    }));
    for (const [hour, each] of time.entries()) {
      let line = `[${point.join()},${each}`;
      for (const {unit, values} of columns) line += `,${values[hour] ?? "null"},${unit}`;
      lines.addText(++number, `${line}]`);
    }
  }
  return number - before;
}

/** Some values of an array, and where their text stands. */
interface Piece {
  readonly at: number;
  readonly length: number;
  readonly count: number;
}

const valuesEach = 4096;

/** The values of arrays in a file, some thousand to a piece, as the arrays of an answer are read one after the other. */
class ArrayStore {
  readonly #handle: number;
  #written = 0;
  #pending: string[] = [];

  constructor(path: string) {
    this.#handle = openSync(path, "w+");
  }

  /** Reads the array that comes next. */
  async store(text: JsonText): Promise<Piece[]> {
    const pieces: Piece[] = [];
    // Of a file that broke off, some may be left.
    this.#pending = [];
    await text.list((bytes, start, end) => {
      const value = bytes.toString("utf8", start, end);
      // Only between the parts of a value, as a list.
      this.#pending.push(value.includes("\n") ? value.replaceAll("\n", " ") : value);
      if (this.#pending.length === valuesEach) pieces.push(this.#write());
    });
    if (this.#pending.length > 0) pieces.push(this.#write());
    return pieces;
  }

  valuesOf(piece: Piece | undefined): string[] {
    if (!piece) return [];
    const bytes = Buffer.alloc(piece.length);
    readSync(this.#handle, bytes, 0, piece.length, piece.at);
    return bytes.toString("utf8").split("\n");
  }

  close(): void {
    closeSync(this.#handle);
  }

  #write(): Piece {
    const text = Buffer.from(this.#pending.join("\n"));
    const piece = {at: this.#written, length: text.length, count: this.#pending.length};
    writeSync(this.#handle, text);
    this.#written += text.length;
    this.#pending = [];
    return piece;
  }
}
