import {readFile, writeFile} from "node:fs/promises";
import {JSDOM} from "jsdom";

/** A notebook file, as far as we look into it (Jupyter's nbformat 4). */
interface Notebook {
  readonly cells: readonly Cell[];
}

interface Cell {
  readonly cell_type: string;
  execution_count?: number | null;
  readonly source: string | readonly string[];
  outputs?: readonly Output[];
}

interface Output {
  readonly output_type: string;
  readonly name?: string;
  readonly text?: string | readonly string[];
  readonly ename?: string;
  readonly evalue?: string;
  readonly data?: Readonly<Record<string, string | readonly string[]>>;
}

/** What a look into an executed notebook found. */
export interface Inspection {
  readonly charts: number;
  /** Everything that the cells printed: the same whenever the lake is the same. */
  readonly printed: string;
  /** A sentence for each thing that is wrong. */
  readonly problems: readonly string[];
}

/**
 * Looks into a notebook's outputs: a cell that failed or complained, a cell without the charts that it plots, a chart
 * with nothing drawn in it, a notebook that was never executed.
 */
export async function inspectNotebook(file: string): Promise<Inspection> {
  const {cells}: Notebook = JSON.parse(await readFile(file, "utf8"));
  const problems: string[] = [];
  const printed: string[] = [];
  let charts = 0;
  cells.forEach((cell, index) => {
    if (cell.cell_type !== "code") return;
    const complain = (problem: string) => problems.push(`cell ${index + 1}: ${problem}`);
    const outputs = cell.outputs ?? [];
    for (const {output_type, name, text, ename, evalue} of outputs) {
      if (output_type === "error") complain(`${ename}: ${evalue}`);
      if (output_type === "stream" && name === "stderr") complain(joined(text).trim());
      if (output_type === "stream" && name === "stdout") printed.push(joined(text));
    }
    const pictures = outputs.flatMap(({data}) => (data?.["image/svg+xml"] ? [joined(data["image/svg+xml"])] : []));
    const plots = joined(cell.source).match(/(?<![.\w])plot\(/g)?.length ?? 0;
    if (pictures.length < plots) complain(`${pictures.length} of ${plots} charts are there`);
    for (const picture of pictures) if (!hasMarks(picture)) complain("nothing is drawn in its chart");
    charts += pictures.length;
  });
  if (printed.length + charts === 0) problems.push("no outputs: it was never executed");
  return {charts, printed: printed.join(""), problems};
}

/**
 * Numbers the cells of an executed notebook, as Jupyter's own kernel would and tslab doesn't, and joins what one cell
 * printed in pieces: the same run gives the same file.
 */
export async function tidyNotebook(file: string): Promise<void> {
  const notebook: Notebook = JSON.parse(await readFile(file, "utf8"));
  const codes = notebook.cells.filter(({cell_type}) => cell_type === "code");
  codes.forEach((cell, index) => {
    const outputs: Output[] = [];
    for (const output of cell.outputs ?? []) {
      const last = outputs.at(-1);
      const continues = output.output_type === "stream" && last?.output_type === "stream" && last.name === output.name;
      if (continues) outputs[outputs.length - 1] = {...last, text: joined(last.text) + joined(output.text)};
      else outputs.push(output);
    }
    cell.outputs = outputs;
    cell.execution_count = index + 1;
  });
  await writeFile(file, `${JSON.stringify(notebook, null, 1)}\n`);
}

/** Whether a chart shows data: marks that aren't its axes, its grid or a line at zero. */
function hasMarks(svg: string): boolean {
  const {document} = new JSDOM(svg, {contentType: "image/svg+xml"}).window;
  const groups = [...document.querySelectorAll("g[aria-label]")];
  return groups.some(
    (group) => !/axis|grid|rule|frame/.test(group.getAttribute("aria-label")!) && group.childElementCount > 0
  );
}

/** nbformat keeps a text as one string or as its lines. */
function joined(text: string | readonly string[] | undefined): string {
  return typeof text === "string" ? text : (text ?? []).join("");
}
