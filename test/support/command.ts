import {execFile} from "node:child_process";
import {promisify, stripVTControlCharacters} from "node:util";

/** What a command came to. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
}

/** Runs a command of the program as a person does, its output in a pipe; a last object is added to its environment. */
export async function command(program: string, ...words: readonly (string | Record<string, string>)[]): Promise<Ended> {
  const texts = words.filter((word): word is string => typeof word === "string");
  const variables = Object.assign({}, ...words.filter((word) => typeof word !== "string"));
  const {
    stdout,
    stderr,
    code = 0,
    signal = null
  } = await promisify(execFile)(process.execPath, [`dist/${program}.js`, ...texts], {
    env: {...process.env, ...variables}
  }).catch((error) => error);
  return {code, signal, out: stripVTControlCharacters(stdout), err: stripVTControlCharacters(stderr)};
}
