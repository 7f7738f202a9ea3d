import type {SaxesTagPlain} from "saxes";
import type {FileReading} from "./file_reading.js";
import {readXml} from "./xml.js";

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
export async function entriesOf(reading: FileReading): Promise<Entry[]> {
  const entries: Entry[] = [];
  let [entry, block, interval, root, depth]: [
    Entry | undefined,
    Block | undefined,
    IntervalReading | undefined,
    string,
    number
  ] = [undefined, undefined, undefined, "", 0];
  await readXml(reading, {
    open(name, path, tag) {
      root ||= name;
      if (name === "entry") {
        entry = {links: [], updated: "", kind: "", texts: {}, blocks: []};
        depth = path.length;
      } else if (!entry) return;
      else if (name === "link" && path.length === depth + 1)
        entry.links.push({rel: attribute(tag, "rel").toLowerCase(), href: pathOf(attribute(tag, "href"))});
      else if (name === "IntervalBlock") {
        entry.kind = name;
        block = {start: "", readings: []};
        entry.blocks.push(block);
      } else if (name === "IntervalReading" && block) {
        interval = {qualities: []};
        block.readings.push(interval);
      } else if (path.length === depth + 2 && path[depth] === "content") entry.kind ||= name;
    },
    close(name, path, text) {
      if (entry && text !== "") {
        if (interval) {
          if (name === "start") interval.start = text;
          else if (name === "duration") interval.duration = text;
          else if (name === "value") interval.value = text;
          else if (name === "quality") interval.qualities.push(text);
        } else if (block) {
          if (name === "start") block.start = text;
        } else if (name === "updated" && path.length === depth + 1) entry.updated = text;
        else if (path[depth] === "content") entry.texts[path.slice(depth + 2).join("/")] = text;
      }
      if (name === "IntervalReading") interval = undefined;
      else if (name === "IntervalBlock") block = undefined;
      else if (name === "entry" && entry) {
        entries.push(entry);
        entry = undefined;
      }
    }
  });
  if (root !== "feed" && root !== "entry") throw new Error(`a ${root}, no feed of Green Button`);
  return entries;
}

function attribute(tag: SaxesTagPlain, name: string): string {
  return Object.entries(tag.attributes).find(([key]) => key.toLowerCase() === name)?.[1] ?? "";
}

/** No address is longer, and what is would take long to be looked through. */
const longestAddress = 4096;

/** An address without its server: feeds mix both ways to write a link. */
function pathOf(href: string): string {
  if (href.length > longestAddress) return "";
  return href
    .trim()
    .replace(/^[a-z][a-z0-9+.-]*:\/\/[^/]*/i, "")
    .replace(/[?#].*$/, "")
    .replace(/\/+$/, "");
}

/** The entries of a feed, and how they hang together. */
export class Feed {
  readonly #ofKind = new Map<string, Entry[]>();
  /** By relation, kind and address, the first entry of the feed that has such a link, with its place. */
  readonly #linked = new Map<string, {readonly entry: Entry; readonly place: number}>();

  constructor(entries: readonly Entry[]) {
    for (const [place, entry] of entries.entries()) {
      const kin = this.#ofKind.get(entry.kind);
      if (kin) kin.push(entry);
      else this.#ofKind.set(entry.kind, [entry]);
      for (const {rel, href} of entry.links) {
        const key = linkKey(rel, entry.kind, href);
        if (href !== "" && !this.#linked.has(key)) this.#linked.set(key, {entry, place});
      }
    }
  }

  ofKind(kind: string): readonly Entry[] {
    return this.#ofKind.get(kind) ?? [];
  }

  /** The resource that holds an entry, or the one whose collection holds it: by the entry's links and by the resource's. */
  holderOf(entry: Entry, kind: string): Entry | undefined {
    const own = hrefs(entry, "self", "up");
    const related = this.#firstLinked("related", kind, own);
    if (related) return related;
    const above = own.flatMap(withParents).sort((a, b) => b.length - a.length);
    const nearest = above.find((href) => this.#linked.has(linkKey("self", kind, href)));
    const alike = above.filter((href) => href.length === nearest?.length);
    return this.#firstLinked("self", kind, alike);
  }

  /** The resource that an entry links to. */
  relatedTo(entry: Entry, kind: string): Entry | undefined {
    return this.#firstLinked("self", kind, hrefs(entry, "related"));
  }

  #firstLinked(rel: string, kind: string, addresses: readonly string[]): Entry | undefined {
    const found = addresses.flatMap((href) => this.#linked.get(linkKey(rel, kind, href)) ?? []);
    return found.sort((a, b) => a.place - b.place)[0]?.entry;
  }
}

function linkKey(rel: string, kind: string, href: string): string {
  return JSON.stringify([rel, kind, href]);
}

/** An address and those of the collections that it is in. */
function withParents(href: string): string[] {
  const addresses = [href];
  for (let end = href.lastIndexOf("/"); end > 0; end = href.lastIndexOf("/", end - 1))
    addresses.push(href.slice(0, end));
  return addresses;
}

/** The addresses to which an entry links by some relations. */
export function hrefs({links}: Entry, ...rels: readonly string[]): string[] {
  return links.flatMap(({rel, href}) => (rels.includes(rel) && href !== "" ? [href] : []));
}
