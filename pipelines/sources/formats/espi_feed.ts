import {SaxesParser, type SaxesTagPlain} from "saxes";
import {textOf} from "./own_rows.js";

/** What stands in an element of an entry's content, by its path in it. */
export type Texts = Record<string, string>;

/** An entry of a feed: a resource. */
export interface Entry {
  readonly links: {readonly rel: string; readonly href: string}[];
  updated: string;
  /** Its resource: `MeterReading`; of several in one content, as blocks may stand, that of all. */
  kind: string;
  readonly texts: Texts;
  readonly blocks: Block[];
}

/** A block of readings. */
export interface Block {
  start: string;
  readonly readings: IntervalReading[];
}

/** A reading as it stands, each value as text. */
export interface IntervalReading {
  start?: string;
  duration?: string;
  value?: string;
  readonly qualities: string[];
}

/** The entries of a feed. */
export async function entriesOf(file: string): Promise<Entry[]> {
  const parser = new SaxesParser();
  const entries: Entry[] = [];
  let fault: Error | undefined;
  parser.on("error", (error) => {
    fault ??= new Error(error.message.replace(/\.$/, ""));
  });
  const path: string[] = [];
  let [entry, block, reading, content, root, depth]: [
    Entry | undefined,
    Block | undefined,
    IntervalReading | undefined,
    string,
    string,
    number
  ] = [undefined, undefined, undefined, "", "", 0];
  const attribute = (tag: SaxesTagPlain, name: string) =>
    Object.entries(tag.attributes).find(([key]) => key.toLowerCase() === name)?.[1] ?? "";
  parser.on("opentag", (tag) => {
    const local = localName(tag.name);
    root ||= local;
    path.push(local);
    content = "";
    if (local === "entry") {
      entry = {links: [], updated: "", kind: "", texts: {}, blocks: []};
      depth = path.length;
    } else if (!entry) return;
    else if (local === "link" && path.length === depth + 1)
      entry.links.push({rel: attribute(tag, "rel").toLowerCase(), href: pathOf(attribute(tag, "href"))});
    else if (local === "IntervalBlock") {
      entry.kind = local;
      block = {start: "", readings: []};
      entry.blocks.push(block);
    } else if (local === "IntervalReading" && block) {
      reading = {qualities: []};
      block.readings.push(reading);
    } else if (path.length === depth + 2 && path[depth] === "content") entry.kind ||= local;
  });
  parser.on("text", (piece) => {
    content += piece;
  });
  parser.on("closetag", () => {
    const local = path.at(-1)!;
    const text = content.trim();
    content = "";
    if (entry && text !== "") {
      if (reading) {
        if (local === "start") reading.start = text;
        else if (local === "duration") reading.duration = text;
        else if (local === "value") reading.value = text;
        else if (local === "quality") reading.qualities.push(text);
      } else if (block) {
        if (local === "start") block.start = text;
      } else if (local === "updated" && path.length === depth + 1) entry.updated = text;
      else if (path[depth] === "content") entry.texts[path.slice(depth + 2).join("/")] = text;
    }
    path.pop();
    if (local === "IntervalReading") reading = undefined;
    else if (local === "IntervalBlock") block = undefined;
    else if (local === "entry" && entry) {
      entries.push(entry);
      entry = undefined;
    }
  });
  for await (const piece of textOf(file)) {
    parser.write(piece);
    if (fault) throw fault;
  }
  parser.close();
  if (fault) throw fault;
  if (root !== "feed" && root !== "entry") throw new Error(`a ${root}, no feed of Green Button`);
  return entries;
}

function localName(name: string): string {
  return name.replace(/^.*:/, "");
}

/** An address without its server: feeds mix both ways to write a link. */
function pathOf(href: string): string {
  return href
    .trim()
    .replace(/^[a-z][a-z0-9+.-]*:\/\/[^/]*/i, "")
    .replace(/[?#].*$/, "")
    .replace(/\/+$/, "");
}

/** The entries of a feed, and how they hang together. */
export class Feed {
  readonly #entries: readonly Entry[];

  constructor(entries: readonly Entry[]) {
    this.#entries = entries;
  }

  ofKind(kind: string): Entry[] {
    return this.#entries.filter((entry) => entry.kind === kind);
  }

  /** The resource that holds an entry, or the one whose collection holds it: by the entry's links and by the resource's. */
  holderOf(entry: Entry, kind: string): Entry | undefined {
    const own = hrefs(entry, "self", "up");
    const related = this.ofKind(kind).find((one) => hrefs(one, "related").some((href) => own.includes(href)));
    if (related) return related;
    const [nearest] = this.ofKind(kind)
      .flatMap((one) => hrefs(one, "self").map((href) => ({one, href})))
      .filter(({href}) => own.some((link) => link === href || link.startsWith(`${href}/`)))
      .sort((a, b) => b.href.length - a.href.length);
    return nearest?.one;
  }

  /** The resource that an entry links to. */
  relatedTo(entry: Entry, kind: string): Entry | undefined {
    const related = hrefs(entry, "related");
    return this.ofKind(kind).find((one) => hrefs(one, "self").some((href) => related.includes(href)));
  }
}

/** The addresses to which an entry links by some relations. */
export function hrefs({links}: Entry, ...rels: readonly string[]): string[] {
  return links.flatMap(({rel, href}) => (rels.includes(rel) && href !== "" ? [href] : []));
}
