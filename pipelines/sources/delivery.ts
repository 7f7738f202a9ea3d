import {statSync} from "node:fs";
import {onDisk} from "../delta/ground.js";
import {refuseOpenErasure} from "./erasure_request.js";
import type {Dock} from "./fit.js";
import {clientOf, type Delivery, type Handover, type Parcel} from "./handover.js";
import {openIncoming} from "./incoming.js";
import {landBatch} from "./landing_batch.js";
import {LandingLists} from "./landing_lists.js";
import type {Source} from "./source.js";

/** Takes one file in for a source, as `deliverAll` does. */
export async function deliver(dock: Dock, source: Source, parcel: Parcel, client?: string): Promise<Delivery> {
  for await (const delivery of deliverAll(dock, [{source, parcel, client}])) return delivery;
  throw new Error(`not delivered: ${parcel.file}`);
}

/**
 * Takes files in for sources: copies each whole to `FOLDER/CLIENT/YYYY/MM/DD/SHA256.EXTENSION` under the landing folder,
 * by today's date in UTC, and lists them in `_landed.jsonl` in their order. A content that is there already is left as it is.
 * A file that its source's Bronze tables can't be read from goes to the same place under `_rejected` instead, and into
 * `_rejected.jsonl`. Of a content that holds an erased customer nothing is kept but the line there.
 *
 * Files are looked into, land and are listed in batches. A process that dies in between leaves each whole or not at all; handed
 * over again, they are listed.
 *
 * @param handovers files, and deliveries that were settled before, which come back in their place
 * @returns what became of each, in order
 * @throws Error when the landing folder can't be written to, an erasure is open there, or the client can't be a folder's
 * name; files before that have landed.
 */
export async function* deliverAll(
  dock: Dock,
  handovers: Iterable<Handover | Delivery> | AsyncIterable<Handover | Delivery>
): AsyncGenerator<Delivery> {
  const lists = new LandingLists(dock.landing);
  const onLandingDisk = (work: () => Promise<void>) => onDisk(dock.landing, "what has landed stays", work);
  let isFirst = true;
  for await (const batch of batchesOf(handovers)) {
    await refuseOpenErasure(dock.landing);
    if (isFirst) await onLandingDisk(() => openIncoming(dock.landing));
    isFirst = false;
    const {deliveries, failure} = await landBatch(dock, lists, batch);
    for (const delivery of deliveries) yield delivery;
    if (failure) await onLandingDisk(() => Promise.reject(failure.error));
  }
}

/** A batch has so many files, or bytes, at most: what one takes is lost where its process dies. */
const [mostFiles, mostBytes] = [500, 64 * 1024 * 1024];

async function* batchesOf<T extends Handover | Delivery>(
  handovers: Iterable<T> | AsyncIterable<T>
): AsyncGenerator<T[]> {
  let [batch, bytes]: [T[], number] = [[], 0];
  let failure: {error: unknown} | undefined;
  try {
    for await (const handover of handovers) {
      if ("parcel" in handover) {
        clientOf(handover);
        bytes += bytesOf(handover.parcel.file);
      }
      batch.push(handover);
      if (batch.length < mostFiles && bytes < mostBytes) continue;
      yield batch;
      [batch, bytes] = [[], 0];
    }
  } catch (error) {
    failure = {error};
  }
  if (batch.length > 0) yield batch;
  if (failure) throw failure.error;
}

function bytesOf(file: string): number {
  try {
    return statSync(file).size;
  } catch {
    // Its own copying says why.
    return 0;
  }
}
