import {readFile} from "node:fs/promises";
import {join} from "node:path";
import fc from "fast-check";
import {expect, it} from "vitest";
import {eraseCustomer} from "../../pipelines/erasure/erase.js";
import {erasureProblems, isProven} from "../../pipelines/observe/erasure_report.js";
import {openErasure} from "../../pipelines/sources/erasure_request.js";
import {lakeOf, meterOf, scenes, sources, sql} from "../erasure/random_lake.js";
import type {TestLake} from "../support/lake.js";
import {isThorough} from "./effort.js";
import {count} from "./summary.js";
import {give} from "./verbs.js";

const options = (lake: TestLake) => ({lake: lake.folder, sources, sql: sql()});

it("whoever is erased from whatever lake is gone, however often that is killed, and the others are as they were", async ({
  task
}) => {
  await fc.assert(
    fc.asyncProperty(scenes, fc.array(fc.integer({min: 300, max: 6000}), {maxLength: 2}), async (scene, deaths) => {
      const lake = await lakeOf(scene);
      try {
        await lake.run({sources});
        const readings = () =>
          lake.query("SELECT client_id, meter_id, interval_start, energy_kwh FROM silver.reading ORDER BY ALL");
        const before = await readings();
        count(task, "erasures", "each killed up to twice", scene.erased.length);
        for (const {client, location} of scene.erased) {
          const order = {client, location, meters: [], by: "anna"};
          for (const milliseconds of deaths)
            await give({verb: "erase", options: options(lake), customer: order}, {killAfter: milliseconds});
          const isOpen = (await openErasure(join(lake.folder, "landing"))) !== undefined;
          const isDone = deaths.length > 0 && !isOpen && !(await mentions(lake, location, client));
          if (isDone) continue;
          const erased = await eraseCustomer(options(lake), isOpen ? undefined : order);
          expect(erasureProblems(erased)).toEqual(
            erasureProblems(erased).filter((text) => / of another client, too: /.test(text))
          );
          expect(isProven(erased)).toBe(true);
        }
        const gone = new Set(
          scene.files.flatMap(({rows}) =>
            rows
              .filter(({client, location}) =>
                scene.erased.some((each) => each.client === client && each.location === location)
              )
              .map(meterOf)
          )
        );
        expect(await readings()).toEqual(before.filter(([, meter]) => !gone.has(meter as string)));
        const next = await lake.run({sources});
        expect([next.complete, next.intake.tables]).toEqual([true, []]);
        const digest = await lake.digest();
        await lake.empty();
        expect((await lake.run({sources})).complete).toBe(true);
        expect(await lake.digest()).toEqual(digest);
      } finally {
        await lake.remove();
      }
    }),
    // Each run costs seconds: a counterexample is shown as it was found.
    {numRuns: isThorough ? 100 : 3, endOnFailure: true}
  );
}, 3_600_000);

/** Whether the arrivals' files still have a row of a client's location. */
async function mentions(lake: TestLake, location: string, client: string): Promise<boolean> {
  const rows = await lake.query(
    `SELECT 1 FROM bronze.interval_row WHERE location_id = '${location.replaceAll("'", "''")}' AND client_id = '${client.replaceAll("'", "''")}' LIMIT 1`,
    "latest"
  );
  return rows.length > 0 || (await readFile(join(lake.folder, "landing", "_erasing.json")).catch(() => "")).length > 0;
}
