import {randomUUID} from "node:crypto";
import {appendFile} from "node:fs/promises";
import {join, resolve} from "node:path";
import {storedLineage} from "../models/stored_lineage.js";
import type {Listener, RunEvent, RunStarted} from "./events.js";
import {runFile} from "./kept_files.js";
import {type Job, landedFile, lineageEvent, type Transition, tableInput} from "./lineage_event.js";

/**
 * Writes what was made from what as events of OpenLineage (https://openlineage.io, its core 2-0-2), a line each, to
 * `lineage/RUN.jsonl` in the lake's folder: a job for the pipeline, and below it one for each model that is built and
 * each Bronze table that takes files in.
 *
 * @param landing the folder of the raw files
 */
export function runLineage(lake: string, landing: string): Listener {
  const jobs = new Map<string, Job>();
  const pipeline: Job = {id: randomUUID(), name: "pipeline", inputs: []};
  let begun: RunStarted;
  let writing: Promise<string> | undefined;
  const emit = (type: Transition, job: Job, error?: string) => {
    const [time, started] = [new Date(), begun];
    // What comes to be known of the job before this is written is not this event's.
    const known = {...job, inputs: [...job.inputs]};
    writing = writing!.then(async (file) => {
      const columns = await job.columns;
      const event = lineageEvent({type, time, job: known, pipeline, started, lake: resolve(lake), error, columns});
      await appendFile(file, `${JSON.stringify(event)}\n`);
      return file;
    });
  };
  const start = (job: Job) => {
    // What it comes from is looked up meanwhile; where that fails, the event that waits for it says so.
    job.columns?.catch(() => undefined);
    jobs.set(job.name, job);
    emit("START", job);
    return job;
  };
  const end = (name: string, error?: string) => {
    const job = jobs.get(name);
    if (job) emit(error === undefined ? "COMPLETE" : "FAIL", job, error);
    jobs.delete(name);
  };
  const hear = (event: RunEvent) => {
    switch (event.kind) {
      case "run started":
        begun = event;
        writing = runFile(join(lake, "lineage"), event.run);
        return emit("START", pipeline);
      case "file taken": {
        const job = jobs.get(event.table) ?? start({id: randomUUID(), name: event.table, inputs: []});
        return void job.inputs.push(landedFile(resolve(landing), event.file));
      }
      case "table planned": {
        if (event.scope === "nothing") return;
        const inputs = event.inputs.map((input) => tableInput(resolve(lake), input));
        const columns = storedLineage(begun.catalog, event.table);
        return void start({id: randomUUID(), name: event.table, inputs, columns});
      }
      case "table checked":
        return void Object.assign(jobs.get(event.table) ?? {}, {checked: event});
      case "table committed":
        return void Object.assign(jobs.get(event.table) ?? {}, {committed: event});
      case "table ingested":
        return end(event.table);
      case "table lost":
        return end(event.table, "another process committed first; it is planned anew");
      case "table finished":
        return end(event.table, event.outcome === "failed" ? event.reason : undefined);
      case "run finished":
        return emit(event.complete ? "COMPLETE" : "FAIL", pipeline, event.complete ? undefined : "not complete");
      case "run failed":
        if (!writing) return;
        for (const name of jobs.keys()) end(name, event.error);
        return emit("FAIL", pipeline, event.error);
    }
  };
  return async (event) => {
    const before = writing;
    hear(event);
    if (writing !== before) await writing;
  };
}
