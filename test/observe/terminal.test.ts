import {readdirSync, readFileSync} from "node:fs";
import {join} from "node:path";
import fc from "fast-check";
import {expect, it} from "vitest";
import {bold, forStream, visible, yellow} from "../../pipelines/observe/terminal.js";

const terminal = {hasColors: () => true};

it("styles what the program says, on a terminal alone", () => {
  const text = `${bold(`run 7 ${yellow("late")}`)}: done`;
  expect(forStream(text)).toBe("run 7 late: done");
  expect(forStream(text, terminal)).toBe("\x1b[1mrun 7 \x1b[33mlate\x1b[39m\x1b[22m: done");
});

it.each([
  ["a colour", "\x1b[31mred", "\\u001b[31mred"],
  ["a title of the window", "\x1b]0;mine\x07", "\\u001b]0;mine\\u0007"],
  ["a control sequence of one character", "\x9b2J", "\\u009b2J"],
  ["a line that is written over", "bad\rgood", "bad\\u000dgood"],
  ["text in the other direction", "a\u202egpj.exe", "a\\u202egpj.exe"]
])("shows %s in data, and doesn't obey it", (_, text, shown) => {
  expect(visible(text)).toBe(shown);
  expect(forStream(yellow(text), terminal)).toBe(`\x1b[33m${shown}\x1b[39m`);
});

it("lets no character of any data through that a terminal obeys", () => {
  fc.assert(
    fc.property(fc.string({unit: "binary"}), (text) => {
      expect(forStream(bold(text))).not.toMatch(/[^\P{Cc}\n\t]|[\u202a-\u202e\u2066-\u2069]/u);
    })
  );
});

it("is the way of everything that commands print", () => {
  const files = readdirSync("pipelines", {recursive: true, encoding: "utf8"}).filter((file) => file.endsWith(".ts"));
  const others = files.filter((file) =>
    /console\.|process\.std(out|err)\.write/.test(readFileSync(join("pipelines", file), "utf8"))
  );
  // A notebook shows what the library writes itself; open.ts waits for the reader of its rows, and makes them visible.
  expect(others.sort()).toEqual(["commands/open.ts", "index.ts", "observe/terminal.ts"]);
});
