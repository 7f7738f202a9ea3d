/**
 * What people read, on a terminal or in a pipe. Texts of reports hold data: names, values and reasons out of files. No
 * control character of theirs reaches the terminal; the styles of the reports are marks until they are printed.
 */

/** Marks of styles: noncharacters of Unicode, which no text that is meant for anybody has. */
const marks = {bold: "\ufdd0", dim: "\ufdd1", red: "\ufdd2", green: "\ufdd3", yellow: "\ufdd4"};
const end = "\ufdd5";

type Style = keyof typeof marks;

const codes: Readonly<Record<Style, readonly [open: number, close: number]>> = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39]
};

export const bold = styled("bold");
export const dim = styled("dim");
export const red = styled("red");
export const green = styled("green");
export const yellow = styled("yellow");

function styled(style: Style): (text: string) => string {
  return (text) => marks[style] + text + end;
}

/** Prints a report, and a line end, to standard output. */
export function say(text: string): void {
  process.stdout.write(`${forStream(text, process.stdout)}\n`);
}

/** Prints what went wrong, or a warning, and a line end, to standard error. */
export function complain(text: string): void {
  process.stderr.write(`${forStream(text, process.stderr)}\n`);
}

/** A report as a stream gets it: with its styles where the stream shows colours. */
export function forStream(text: string, stream: {hasColors?(): boolean} = {}): string {
  return withStyles(visible(text), stream.hasColors?.() ?? false);
}

/**
 * A text without any character that a terminal obeys: control characters but line feeds and tabs, and those that turn
 * the direction of writing, become `\u001b` and its like, which is what they are in JSON, too.
 */
export function visible(text: string): string {
  return text.replaceAll(
    /[^\P{Cc}\n\t]|[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`
  );
}

function withStyles(text: string, isColored: boolean): string {
  const open: Style[] = [];
  const styles = Object.keys(marks) as Style[];
  const sequence = (code: number) => (isColored ? `\x1b[${code}m` : "");
  const styledText = text.replaceAll(/[\ufdd0-\ufdd5]/g, (mark) => {
    if (mark !== end) {
      const style = styles.find((each) => marks[each] === mark)!;
      open.push(style);
      return sequence(codes[style][0]);
    }
    const style = open.pop();
    return style === undefined ? "" : sequence(codes[style][1]);
  });
  return (
    styledText +
    open
      .reverse()
      .map((style) => sequence(codes[style][1]))
      .join("")
  );
}
