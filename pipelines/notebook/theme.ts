/** What a chart lies on, with the ink and the halo that go with it. */
interface Paper {
  readonly paper: string;
  readonly ink: string;
  readonly quiet: string;
}

/** By day and by night: a chart brings its own paper, so that it can be read on any page. */
export const papers: {readonly light: Paper; readonly dark: Paper} = {
  light: {paper: "#ffffff", ink: "#1f2328", quiet: "#59636e"},
  dark: {paper: "#161b22", ink: "#e6edf3", quiet: "#9198a1"}
};

/** Colours for series, in order: each has a contrast of 3 to 1 or more with both papers, and differs from the others in lightness or hue for colour-blind readers. */
export const palette: readonly string[] = ["#3b7dd8", "#d2691e", "#2a9074", "#b35fb8", "#8a7a2e", "#d6455d"];

/** The font of a chart's words. */
export const font = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif";

/** Colours follow the reader's own preference, also where the chart is only an image in a page. */
export function stylesheet(className: string): string {
  const rules = ({paper, ink, quiet}: Paper) =>
    `.${className} { color: ${ink}; } .${className} .paper { fill: ${paper}; } .${className} .quiet { fill: ${quiet}; } ` +
    `.${className} svg { --plot-background: ${paper}; }`;
  return `${rules(papers.light)} @media (prefers-color-scheme: dark) { ${rules(papers.dark)} }`;
}
