import {mkdtemp} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {kills} from "./effort.js";
import {collectedCsv, growingLake, randomFrom} from "./growing_lake.js";
import {answering, type ServiceDouble, serviceDouble} from "./service_double.js";
import {count} from "./summary.js";
import {give, type Verb, verbs} from "./verbs.js";

/** A lake is killed so often before the next is begun. */
const killsOfLake = 25;

/** About how long each command takes, in milliseconds, as those say that came to their end before they were killed. */
const usual = new Map<Verb, number>();

let service: ServiceDouble;
beforeAll(async () => {
  service = await serviceDouble(answering(collectedCsv));
});
afterAll(() => service.close());

const lakes = Array.from({length: Math.ceil(kills / killsOfLake)}, (_, index) => ({
  lake: index + 1,
  times: Math.min(killsOfLake, kills - index * killsOfLake)
}));

describe("a lake that grows, while its commands are killed at random moments", () => {
  it.for(lakes)(
    "is what one build makes, however often: lake $lake, $times kills",
    {timeout: 600_000},
    async ({lake: number, times}, {task}) => {
      const random = randomFrom(number * 7919);
      const growing = await growingLake(await mkdtemp(join(tmpdir(), "wattlake-")), service.url, random);
      const {lake} = growing;
      await growing.orderOf("pipeline");
      await growing.settle();
      for (let kill = 0; kill < times; ) {
        const order = await growing.orderOf(verbs[(kill + number * killsOfLake) % verbs.length]!);
        const {signal, error, milliseconds} = await give(order, {killAfter: random() * (usual.get(order.verb) ?? 800)});
        if (signal) {
          count(task, "kills", order.verb);
          kill++;
        } else {
          expect(error, JSON.stringify(order)).toBe(undefined);
          usual.set(order.verb, milliseconds);
        }
        const [[silver, gold]] = (await lake.query(
          "SELECT (SELECT sum(energy_kwh) FROM silver.reading), (SELECT sum(energy_kwh) FROM gold.energy_day)"
        )) as [[string, string]];
        expect(gold, "readers see one run").toBe(silver);
        // Now and then the next command comes upon what several left.
        if (random() < 0.3 || kill === times) await growing.settle();
      }
      await growing.remove();
    }
  );
});
