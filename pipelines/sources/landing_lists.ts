import {existsSync} from "node:fs";
import {join} from "node:path";
import {arrivalLedger, contentKey} from "./arrivals.js";
import {type Landed, landedLedger, type Refused, refusedLedger} from "./landed.js";
import type {LedgerReader} from "./ledger.js";
import {refusal, tombstoneLedger} from "./tombstones.js";

/** What the lists of a landing folder say of contents: read once, then only what anybody added to them since. */
export class LandingLists {
  readonly #landing: string;
  readonly #landed: FollowedList<Landed>;
  readonly #arrivals: FollowedList<{readonly path: string}>;
  readonly #refused: FollowedList<Refused>;
  readonly #reasons: FollowedList<string>;

  constructor(landing: string) {
    this.#landing = landing;
    this.#landed = new FollowedList(landedLedger(landing), (file) => [contentKey(file), file]);
    this.#arrivals = new FollowedList(arrivalLedger(landing), (arrival) => [contentKey(arrival), arrival]);
    this.#refused = new FollowedList(refusedLedger(landing), (file) => [contentKey(file), file]);
    this.#reasons = new FollowedList(tombstoneLedger(landing), (line) => [line.old_sha256, refusal(line)]);
  }

  /** Reads what was added since. */
  async follow(): Promise<void> {
    for (const list of [this.#landed, this.#arrivals, this.#refused, this.#reasons]) await list.follow();
  }

  /** Where a content lies that was taken in before; undefined also where its file has gone, so that it is put back. */
  knownPath(key: string): string | undefined {
    return [...this.#landed.of(key), ...this.#arrivals.of(key)].find(({path}) => existsSync(join(this.#landing, path)))
      ?.path;
  }

  /** How a content was handed over first. */
  landed(key: string): Landed | undefined {
    return this.#landed.of(key)[0];
  }

  /** How a content was rejected first. */
  refused(key: string): Refused | undefined {
    return this.#refused.of(key)[0];
  }

  /** Why a content can't come back that was erased. */
  erasure(sha256: string): string | undefined {
    return this.#reasons.of(sha256).at(-1);
  }
}

/** A list that is followed, by a key of its lines. */
class FollowedList<V> {
  readonly #known = new Map<string, V[]>();
  readonly #read: () => Promise<{entries: [string, V][]; isAnew: boolean}>;

  constructor(reader: LedgerReader<any>, entryOf: (line: any) => [string, V]) {
    this.#read = async () => {
      const {entries, isAnew} = await reader.read();
      return {entries: entries.map(entryOf), isAnew};
    };
  }

  async follow(): Promise<void> {
    const {entries, isAnew} = await this.#read();
    if (isAnew) this.#known.clear();
    for (const [key, value] of entries) {
      const others = this.#known.get(key);
      if (others) others.push(value);
      else this.#known.set(key, [value]);
    }
  }

  of(key: string): readonly V[] {
    return this.#known.get(key) ?? [];
  }
}
