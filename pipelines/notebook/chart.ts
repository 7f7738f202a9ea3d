import * as Plot from "@observablehq/plot";
import {JSDOM} from "jsdom";
import {font, palette, papers, stylesheet} from "./theme.js";

/**
 * A chart: the options of Observable Plot, and words. The words are part of the picture, and what a screen reader says.
 */
export interface PlotOptions extends Omit<Plot.PlotOptions, "title" | "subtitle" | "caption" | "document" | "figure"> {
  /** What the chart shows, best as a sentence. */
  readonly title: string;
  readonly subtitle?: string;
  /** Beneath the chart: where the numbers come from, say. */
  readonly caption?: string;
  /** What one would tell somebody who can't see the chart; the subtitle and caption by default. */
  readonly description?: string;
}

const className = "wattlake-chart";
const margin = 16;

/**
 * Draws a chart as one SVG document: title, legend and caption are in it, where Plot alone would need HTML around it.
 * A code host shows such a picture in a notebook; it strips the HTML.
 *
 * @returns the SVG's text. It scales to the width it is given, and suits light and dark pages.
 */
export function drawChart(options: PlotOptions): string {
  const {
    title,
    subtitle,
    caption,
    description = [subtitle, caption].filter(Boolean).join(" "),
    color,
    ...rest
  } = options;
  const {window} = new JSDOM("");
  const {document} = window;
  const width = rest.width ?? 720;
  const {legend, ...colors} = color ?? {};
  const figure = Plot.plot({...rest, width, color: withPalette(colors), document});
  const chart = [figure, ...figure.querySelectorAll("svg")].filter((node) => node.nodeName === "svg").at(-1)!;
  chart.setAttribute("font-size", "11");

  const root = svgElement(document, "svg", {
    class: className,
    role: "img",
    "aria-label": title,
    "font-family": font,
    color: papers.light.ink,
    fill: "currentColor"
  });
  root.append(svgElement(document, "title", {}, title));
  if (description) root.append(svgElement(document, "desc", {}, description));
  root.append(svgElement(document, "style", {}, stylesheet(className)));
  const paper = svgElement(document, "rect", {
    class: "paper",
    fill: papers.light.paper,
    width: "100%",
    height: "100%",
    rx: 6
  });
  root.append(paper);

  let y = margin;
  const write = (text: string, size: number, attributes: Attributes) => {
    for (const line of wrap(text, size, width)) {
      y += size;
      root.append(svgElement(document, "text", {x: margin, y, "font-size": size, ...attributes}, line));
      y += Math.round(size * 0.4);
    }
  };
  const place = (node: Element, height: number) => {
    setAttributes(node, {x: margin, y});
    root.append(node);
    y += height;
  };
  write(title, 17, {"font-weight": 600});
  if (subtitle) write(subtitle, 13, {class: "quiet", fill: papers.light.quiet});
  const key = legend ? legendOf(document, figure, width) : undefined;
  if (key) {
    y += 6;
    place(key.node, key.height);
  }
  y += 4;
  place(chart, Number(chart.getAttribute("height")));
  if (caption) {
    y += 2;
    write(caption, 12, {class: "quiet", fill: papers.light.quiet});
  }
  const size = {width: width + 2 * margin, height: Math.ceil(y + margin / 2)};
  setAttributes(root, {...size, viewBox: `0 0 ${size.width} ${size.height}`, style: "max-width: 100%; height: auto;"});
  const text = new window.XMLSerializer().serializeToString(root);
  window.close();
  return text;
}

/** Names get our colours unless told otherwise; amounts keep Plot's schemes. */
function withPalette(color: Plot.ScaleOptions): Plot.ScaleOptions {
  const isNamed =
    color.type === "categorical" ||
    color.type === "ordinal" ||
    [...(color.domain ?? [])].some((name) => typeof name === "string");
  return isNamed && !color.scheme && !color.range ? {...color, range: palette} : color;
}

interface Legend {
  readonly node: Element;
  readonly height: number;
}

/** A legend as SVG, where Plot's own is HTML for names and a canvas for amounts. */
function legendOf(document: Document, figure: Plot.Plot, width: number): Legend | undefined {
  const scale = figure.scale("color");
  if (!scale) return undefined;
  const node = svgElement(document, "svg", {"font-size": 12, width, overflow: "visible"});
  const height = scale.type === "ordinal" ? drawNames(document, node, scale, width) : drawRamp(document, node, scale);
  setAttributes(node, {height});
  return {node, height};
}

/** A square and a word for each name. */
function drawNames(document: Document, node: Element, scale: Plot.Scale, width: number): number {
  let x = 0;
  let y = 0;
  for (const name of scale.domain ?? []) {
    const length = 26 + textWidth(String(name), 12);
    if (x > 0 && x + length > width) {
      x = 0;
      y += 18;
    }
    node.append(
      svgElement(document, "rect", {x, y, width: 12, height: 12, rx: 2, fill: String(scale.apply(name))}),
      svgElement(document, "text", {x: x + 18, y: y + 10}, String(name))
    );
    x += length + 10;
  }
  return y + 18;
}

/** A strip of colours between the least amount and the largest. */
function drawRamp(document: Document, node: Element, scale: Plot.Scale): number {
  const domain = [...(scale.domain ?? [])].map(Number);
  const [least, largest] = [domain[0]!, domain.at(-1)!];
  const words = [least, largest].map((amount) => amount.toLocaleString("en", {maximumSignificantDigits: 6})) as [
    string,
    string
  ];
  const left = textWidth(words[0], 12) + 6;
  const steps = 40;
  for (let step = 0; step < steps; step++) {
    const fill = String(scale.apply(least + ((largest - least) * (step + 0.5)) / steps));
    node.append(svgElement(document, "rect", {x: left + step * 5, y: 0, width: 5, height: 12, fill}));
  }
  node.append(
    svgElement(document, "text", {x: 0, y: 10}, words[0]),
    svgElement(document, "text", {x: left + steps * 5 + 6, y: 10}, words[1])
  );
  return 18;
}

type Attributes = Readonly<Record<string, string | number>>;

function svgElement(document: Document, name: string, attributes: Attributes, text?: string): SVGElement {
  const node = document.createElementNS("http://www.w3.org/2000/svg", name) as SVGElement;
  setAttributes(node, attributes);
  if (text !== undefined) node.textContent = text;
  return node;
}

function setAttributes(node: Element, attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, String(value));
}

/** Breaks a text into lines that fit. There is no font to measure with: 0.6 of the size a letter is wide enough. */
function wrap(text: string, size: number, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/)) {
    const line = lines.at(-1);
    if (line !== undefined && textWidth(`${line} ${word}`, size) <= width) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines;
}

function textWidth(text: string, size: number): number {
  return Math.ceil([...text].length * size * 0.6);
}
