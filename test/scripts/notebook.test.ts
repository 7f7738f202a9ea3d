import {mkdtemp, readFile, rm, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import * as Plot from "@observablehq/plot";
import {afterAll, beforeAll, expect, it} from "vitest";
import {drawChart} from "../../pipelines/notebook/chart.js";
import {inspectNotebook, tidyNotebook} from "../../scripts/notebook.js";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "wattlake-notebook-"));
});
afterAll(() => rm(folder, {recursive: true}));

async function notebook(source: string, ...outputs: object[]): Promise<string> {
  const file = join(folder, "a.ipynb");
  const cells = [
    {cell_type: "markdown", source: "plot( in words"},
    {cell_type: "code", execution_count: null, source: [source], outputs}
  ];
  await writeFile(file, JSON.stringify({cells, metadata: {}, nbformat: 4, nbformat_minor: 5}));
  return file;
}

const printed = (text: string | string[], name = "stdout") => ({output_type: "stream", name, text});
const picture = (rows: number[]) => ({
  output_type: "display_data",
  data: {"image/svg+xml": drawChart({title: "t", marks: [Plot.ruleY([0]), Plot.barY(rows)]})}
});

it.each([
  ["a chart that is there", "plot({})", [picture([1])], []],
  ["a missing chart", "plot({}); plot({})", [picture([1])], ["cell 2: 1 of 2 charts are there"]],
  ["an empty chart", "plot({})", [picture([])], ["cell 2: nothing is drawn in its chart"]],
  ["another object's plot", "Plot.plot({}); lake.plot(); replot()", [printed("1")], []],
  ["a cell that complained", "x", [printed(["1:1 - ", "no x\n"], "stderr"), printed("1")], ["cell 2: 1:1 - no x"]],
  [
    "a cell that failed",
    "x",
    [{output_type: "error", ename: "Error", evalue: "boom"}, printed("1")],
    ["cell 2: Error: boom"]
  ],
  ["no outputs at all", "x", [], ["no outputs: it was never executed"]]
])("%s", async (_, source, outputs, problems) => {
  expect((await inspectNotebook(await notebook(source, ...outputs))).problems).toEqual(problems);
});

it("tidying numbers the cells and joins what they printed, and changes nothing else", async () => {
  const file = await notebook("plot({})", printed("a"), printed(["b", "c"]), picture([1]), printed("d"));
  const before = await inspectNotebook(file);
  await tidyNotebook(file);
  const {cells} = JSON.parse(await readFile(file, "utf8"));
  expect(cells[1]).toMatchObject({execution_count: 1, outputs: [printed("abc"), picture([1]), printed("d")]});
  expect(await inspectNotebook(file)).toEqual(before);
});
