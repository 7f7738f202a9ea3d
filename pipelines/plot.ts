import {drawChart, type PlotOptions} from "./notebook/chart.js";

export type {PlotOptions} from "./notebook/chart.js";

/** What tslab, the notebooks' kernel, keeps under this name for the code of cells. */
interface Kernel {
  require(name: "tslab"): {readonly display: {svg(text: string): void}};
}

/**
 * Shows a chart in a notebook, beneath the cell that is running. The options are those of Observable Plot, with a title
 * that is always there, and `description` for those who can't see it.
 *
 * @returns nothing in a notebook; elsewhere the chart as the text of an SVG document.
 */
export function plot(options: PlotOptions): string | undefined {
  const text = drawChart(options);
  const kernel = (globalThis as {__tslab__?: Kernel}).__tslab__;
  if (!kernel) return text;
  kernel.require("tslab").display.svg(text);
  return undefined;
}
