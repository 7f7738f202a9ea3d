import {execFile} from "node:child_process";
import {Console} from "node:console";
import {Writable} from "node:stream";
import {promisify, stripVTControlCharacters} from "node:util";
import type {Command} from "commander";
import {runCommand} from "../../pipelines/command.js";

/** What a command came to. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
}

const programs: Readonly<Record<string, () => Promise<{readonly command: Command}>>> = {
  collect: () => import("../../pipelines/collect.js"),
  inspect: () => import("../../pipelines/inspect.js"),
  lake: () => import("../../pipelines/lake.js"),
  land: () => import("../../pipelines/land.js"),
  run: () => import("../../pipelines/run.js")
};

let before: Promise<unknown> = Promise.resolve();

/**
 * Runs a command of the program in this process, where its modules are loaded and its models read already. One
 * begins when the one before it has ended: all have the process's output and exit code.
 */
export function command(program: string, ...words: readonly string[]): Promise<Ended> {
  const ended = before.then(() => runHere(program, words));
  before = ended.catch(() => undefined);
  return ended;
}

async function runHere(program: string, words: readonly string[]): Promise<Ended> {
  const {command} = await programs[program]!();
  const [out, err] = [gathered(), gathered()];
  const {stdout, stderr, exitCode} = process;
  const [writeOut, writeErr, {console}] = [stdout.write, stderr.write, globalThis];
  stdout.write = out.stream.write.bind(out.stream) as typeof stdout.write;
  stderr.write = err.stream.write.bind(err.stream) as typeof stderr.write;
  globalThis.console = new Console({stdout: out.stream, stderr: err.stream});
  process.exitCode = undefined;
  try {
    await runCommand(command, words);
    return {code: Number(process.exitCode ?? 0), signal: null, out: out.text(), err: err.text()};
  } finally {
    stdout.write = writeOut;
    stderr.write = writeErr;
    globalThis.console = console;
    process.exitCode = exitCode;
  }
}

function gathered(): {readonly stream: Writable; text(): string} {
  const chunks: Buffer[] = [];
  const stream = new Writable({
    write(chunk, _, done) {
      chunks.push(Buffer.from(chunk));
      done();
    }
  });
  return {stream, text: () => stripVTControlCharacters(Buffer.concat(chunks).toString("utf8"))};
}

/** Starts a command of the program as a person does, its output in a pipe; a last object is added to its environment. */
export async function start(program: string, ...words: readonly (string | Record<string, string>)[]): Promise<Ended> {
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
