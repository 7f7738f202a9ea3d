import * as Plot from "@observablehq/plot";
import {JSDOM} from "jsdom";
import {describe, expect, it} from "vitest";
import {drawChart, type PlotOptions} from "../../pipelines/notebook/chart.js";
import {palette, papers} from "../../pipelines/notebook/theme.js";
import {plot} from "../../pipelines/plot.js";

const hours = [
  {hour: 0, wh: 100, quality: "measured"},
  {hour: 1, wh: 200, quality: "split"}
];
const bars = Plot.barY(hours, {x: "hour", y: "wh", fill: "quality"});

/** The chart as an XML parser sees it: a picture that isn't well-formed isn't shown. */
function draw(options: PlotOptions): Element {
  return new JSDOM(drawChart(options), {contentType: "image/svg+xml"}).window.document.documentElement;
}

describe("words", () => {
  it("are in the picture, and for those who can't see it", () => {
    const svg = draw({title: "Wh < kWh & more", subtitle: "an hour", caption: "silver.reading", marks: [bars]});
    expect(svg.getAttribute("role")).toBe("img");
    expect(svg.getAttribute("aria-label")).toBe("Wh < kWh & more");
    expect(svg.querySelector("title")!.textContent).toBe("Wh < kWh & more");
    expect(svg.querySelector("desc")!.textContent).toBe("an hour silver.reading");
    const texts = [...svg.children].filter(({nodeName}) => nodeName === "text").map(({textContent}) => textContent);
    expect(texts).toEqual(["Wh < kWh & more", "an hour", "silver.reading"]);
  });

  it("break where they are too long for a line", () => {
    const svg = draw({title: "a word ".repeat(30).trim(), width: 300, marks: [bars]});
    const lines = [...svg.children].filter(({nodeName}) => nodeName === "text");
    expect(lines.length).toBeGreaterThan(3);
    expect(lines.map(({textContent}) => textContent).join(" ")).toBe("a word ".repeat(30).trim());
  });
});

describe("legends", () => {
  const keys = (svg: Element) =>
    [...svg.querySelectorAll("svg:not([viewBox]) > rect")].map((rect) => [
      rect.nextElementSibling!.textContent,
      rect.getAttribute("fill")
    ]);

  it("name the colours of series, ours by default", () => {
    const svg = draw({title: "t", color: {domain: ["measured", "split"], legend: true}, marks: [bars]});
    expect(keys(svg)).toEqual([
      ["measured", palette[0]],
      ["split", palette[1]]
    ]);
  });

  it("keep colours that were asked for", () => {
    const svg = draw({
      title: "t",
      color: {domain: ["measured", "split"], range: ["red", "blue"], legend: true},
      marks: [bars]
    });
    expect(keys(svg)).toEqual([
      ["measured", "red"],
      ["split", "blue"]
    ]);
  });

  it("are a ramp for amounts, and the chart is there beside it", () => {
    const svg = draw({title: "t", color: {legend: true}, marks: [Plot.cell(hours, {x: "hour", fill: "wh"})]});
    const [ramp] = svg.querySelectorAll(":scope > svg");
    expect([...ramp!.querySelectorAll("text")].map(({textContent}) => textContent)).toEqual(["100", "200"]);
    expect(new Set([...ramp!.querySelectorAll("rect")].map((rect) => rect.getAttribute("fill"))).size).toBeGreaterThan(
      20
    );
    expect(svg.querySelectorAll("[aria-label=cell] > rect").length).toBe(2);
  });

  it("aren't there unless asked for", () => {
    expect(draw({title: "t", marks: [bars]}).querySelectorAll(":scope > svg").length).toBe(1);
  });
});

it("the same data give the same picture", () => {
  const options: PlotOptions = {
    title: "t",
    color: {domain: ["measured", "split"], legend: true},
    marks: [bars, Plot.ruleY([0])]
  };
  expect(drawChart(options)).toBe(drawChart(options));
});

it("outside a notebook, plot gives the picture's text", () => {
  expect(plot({title: "t", marks: [bars]})).toBe(drawChart({title: "t", marks: [bars]}));
});

describe("contrast, as WCAG measures it", () => {
  it.each(palette.flatMap((color) => Object.values(papers).map(({paper}) => [color, paper])))(
    "%s on %s is 3 or more",
    (color, paper) => {
      expect(contrast(color!, paper!)).toBeGreaterThanOrEqual(3);
    }
  );

  it.each(Object.values(papers))("words on $paper have 4.5 or more", ({paper, ink, quiet}) => {
    expect(contrast(ink, paper)).toBeGreaterThanOrEqual(4.5);
    expect(contrast(quiet, paper)).toBeGreaterThanOrEqual(4.5);
  });
});

function contrast(one: string, other: string): number {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

function luminance(color: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
