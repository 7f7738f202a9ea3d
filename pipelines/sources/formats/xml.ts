import {SaxesParser, type SaxesTagPlain} from "saxes";
import {textOf} from "./encoding.js";
import type {FileReading} from "./file_reading.js";
import {elementBytes, overLimit} from "./limits.js";

/** Takes the elements of a document, in its order; each by its name without a prefix and its path from the root, itself included. */
export interface XmlVisitor {
  open(name: string, path: readonly string[], tag: SaxesTagPlain): void;
  /** @param text what stands last in the element, after those in it, without spaces around it */
  close(name: string, path: readonly string[], text: string): void;
}

/**
 * Reads a document of XML piece by piece. Entities other than those of XML itself, which could stand for any amount of text, are faults.
 *
 * @throws Error when it isn't whole or goes beyond a limit
 */
export async function readXml(reading: FileReading, {open, close}: XmlVisitor): Promise<void> {
  const {limits} = reading;
  const longest = elementBytes(limits);
  const parser = new SaxesParser();
  const path: string[] = [];
  let [content, lastAt, read] = ["", 0, 0];
  let fault: Error | undefined;
  const refuseLength = (length: number) => {
    if (length > longest) throw overLimit(`line ${parser.line}: an element is too long`, limits, "elementMiB");
  };
  parser.on("error", (error) => {
    fault ??= new Error(error.message.replace(/\.$/, ""));
  });
  parser.on("opentag", (tag) => {
    const name = localName(tag.name);
    path.push(name);
    if (path.length > limits.depth)
      throw overLimit(`line ${parser.line}: elements are nested too deep`, limits, "depth");
    [content, lastAt] = ["", parser.position];
    open(name, path, tag);
  });
  parser.on("text", (piece) => {
    content += piece;
    refuseLength(content.length);
  });
  parser.on("closetag", (tag) => {
    const text = content.trim();
    [content, lastAt] = ["", parser.position];
    // Of a tag that nothing opened, the parser has said so.
    if (path.length > 0) close(localName(tag.name), path, text);
    path.pop();
  });
  for await (const piece of textOf(reading)) {
    read += piece.length;
    reading.refuseDocument(read);
    parser.write(piece);
    if (fault) throw fault;
    refuseLength(parser.position - lastAt);
  }
  parser.close();
  if (fault) throw fault;
}

function localName(name: string): string {
  return name.slice(name.lastIndexOf(":") + 1);
}
