import {type EngineFault, engineFault, messageOf} from "./engine.js";
import {isSystemError, systemReason} from "./system.js";

/** What a parser says of a file, and what it is called for people; the replacement may use groups. */
type Phrase = readonly [said: RegExp, sentence: string | ((...groups: string[]) => string)];

const notUtf8 = "it isn't text in UTF-8; save it as UTF-8";
const tornGzip = "its compressed content is damaged or cut off; copy it again";
const tornParquet = "it is no whole Parquet file; copy it again";

/** What DuckDB says of files that it reads. */
const ofEngine: readonly Phrase[] = [
  [
    /CSV Error on Line: (\d+)[\s\S]*(?:Invalid unicode|not utf-8)/i,
    (line) => `line ${line} isn't text in UTF-8; save it as UTF-8`
  ],
  [
    /CSV Error on Line: (\d+)[\s\S]*Expected Number of Columns: (\d+) Found: (\d+)/,
    (line, asked, found) => `line ${line} has ${found} fields, and the header ${asked}`
  ],
  [/CSV Error on Line: (\d+)[\s\S]*unterminated quote/i, (line) => `line ${line} has a quote that is never closed`],
  [
    /CSV Error on Line: (\d+)[\s\S]*Maximum line size of (\d+) bytes/i,
    (line, size) => `line ${line} is longer than ${size} bytes`
  ],
  [/Maximum line size of (\d+) bytes/i, (size) => `a line is longer than ${size} bytes`],
  [/CSV Error on Line: (\d+)/, (line) => `line ${line} is no line of a table; look at its quotes and delimiters`],
  [/(?:not utf-8 encoded|valid UTF-8|not valid UTF-?8|Invalid unicode|invalid utf-?8)/i, notUtf8],
  [/Error when sniffing file/, "it is no table of text: no delimiter parts its lines into columns"],
  [/maximum_object_size[\s\S]*?(\d+)/i, (size) => `a value of its JSON is larger than ${size} bytes; split it`],
  [/Malformed JSON[\s\S]*?at byte (\d+)[^:]*: ([^\n]*)/, (at, reason) => jsonFault(reason, ` at byte ${at}`)],
  [/Malformed JSON[\s\S]*?: ([^\n]*)/, (reason) => jsonFault(reason, "")],
  [/JSON/, "it is no JSON of the kind that is read here"],
  [/not a GZIP stream/i, "its name ends in .gz, but it isn't compressed, or something stands behind what is"],
  [/gzip|zlib|miniz|inflate/i, tornGzip],
  [/No magic bytes|too small to be a Parquet|Footer length/i, tornParquet],
  [
    /parquet|TProtocolException|don't know what type|thrift|snappy|zstd|page|column chunk|row group|dictionary|decompress/i,
    "its Parquet is damaged; copy it again"
  ],
  [
    /unterminated quoted string|syntax error|struct pack|zero-length delimited identifier/i,
    "its header has a column without a name, or with a zero byte in it"
  ],
  [/Out of Memory|memory|allocat/i, "it needs more memory than there is; split it"],
  [/Too many open files/i, "too many files are open; raise the limit (ulimit -n), or give fewer at a time"],
  [/No files found|Cannot open file|Could not open|No such file/i, "it isn't there any more"],
  [/Permission denied/i, "you have no permission to read it; give yourself permission"],
  [/Interrupt/i, "reading it took too long, and was stopped"]
];

/** What the parsers of JSON, XML, gzip and SQLite say. */
const ofParsers: readonly Phrase[] = [
  [/^column\s+stands twice$/, "several of its columns have no name; name each in the header"],
  [/encoded data was not valid for encoding (\S+)/i, notUtf8],
  [
    /incorrect header check|unexpected end of file|invalid (?:block|distance|stored|code|literal|bit)|incorrect data check|incorrect length check/i,
    tornGzip
  ],
  [/file is not a database/i, "it is no SQLite database"],
  [/disk image is malformed|\*\*\* in database|database damaged/i, "its SQLite database is damaged; copy it again"],
  [/out of memory|string or blob too big/i, "it needs more memory than there is; split it"],
  [/database is locked/i, "another program writes to its SQLite database; close that"],
  [/in JSON at position (\d+)/, (at) => `it is no JSON: at character ${Number(at) + 1} stands what can't stand there`],
  [/end of JSON input|Unterminated string in JSON/i, "its JSON breaks off"],
  [/^(\d+):\d+: (.*)$/m, (line, what) => `line ${line}: ${xmlFault(what)}`]
];

/**
 * Why a file can't be read, in a sentence of its sender's words that begins with `not readable: `. A reader's own
 * sentence stays as it is; what a parser says is put into words; of what nobody foresaw only the way out is said.
 *
 * @param file its path on this machine, which no sentence has
 */
export function fileFault(error: unknown, file: string): string {
  return `not readable: ${fileReason(error, file)}`;
}

/** The same without `not readable: `. */
export function fileReason(error: unknown, file: string): string {
  if (isSystemError(error)) return systemReason(error);
  const engine = engineFault(error);
  if (engine) {
    const said = phrased(ofEngine, withoutContent(`${engine.kind}: ${engine.text}`, file));
    return said ?? (isRaised(engine) ? engine.text : unforeseen);
  }
  const message = messageOf(error).replaceAll(file, "the file");
  return phrased(ofParsers, message) ?? (isOwn(error) ? message.split("\n")[0]! : unforeseen);
}

/** Whether a reader's SQL raised a sentence of our own, by `error`. */
function isRaised({kind, text}: EngineFault): boolean {
  return kind === "Invalid Input" && /^[a-z]+ .*$/.test(text);
}

/** Without the file's name and what DuckDB shows of its content, which could be taken for words of the fault. */
function withoutContent(text: string, file: string): string {
  return text.replaceAll(file, "").replace(/^Original Line: .*$/gm, "");
}

const unforeseen = "what is in it is no file of its kind; open it in the program that made it, and save it again";

/** Whether a sentence is one of our own: those begin in lower case, and aren't the faults of a program. */
function isOwn(error: unknown): boolean {
  return (
    error instanceof Error && error.name === "Error" && !("code" in error) && !/^[A-Z][a-z]+ [a-z]/.test(error.message)
  );
}

function phrased(phrases: readonly Phrase[], message: string): string | undefined {
  for (const [said, sentence] of phrases) {
    const found = said.exec(message);
    if (found) return typeof sentence === "string" ? sentence : sentence(...found.slice(1));
  }
  return undefined;
}

function jsonFault(reason: string, at: string): string {
  if (/unexpected end|input length is 0|no content/i.test(reason)) return "its JSON breaks off";
  if (/utf-?8/i.test(reason)) return notUtf8;
  if (/surrogate/i.test(reason)) return `its JSON has half a character${at}`;
  if (/control character/i.test(reason)) return `its JSON has a control character in a text${at}`;
  return `it is no JSON: something stands${at || " in it"} that can't stand there`;
}

const xmlFaults: Readonly<Record<string, string>> = {
  "text data outside of root node": "text stands outside of the document's element",
  "disallowed character": "a character stands there that XML forbids",
  "unexpected close tag": "an element is closed that wasn't opened",
  "undefined entity": "an entity stands there that XML itself doesn't have; write its text in its place",
  "document must contain a root element": "there is no element in it"
};

function xmlFault(what: string): string {
  const plain = what.replace(/[.]$/, "");
  return xmlFaults[plain] ?? plain.replace(/^unclosed tag: (.*)$/, "the element $1 is never closed");
}
