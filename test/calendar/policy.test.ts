import {readFile} from "node:fs/promises";
import {expect, it} from "vitest";
import {policies} from "../../pipelines/calendar/policy.js";

const fate = await readFile("sql/silver/day_fate.sql", "utf8");

it.each(Object.entries(policies))("%s takes arrays in SQL just where it says so", (name, {shapes}) => {
  expect(fate.includes(`'${name}'`)).toBe((shapes as readonly string[]).includes("array"));
});
