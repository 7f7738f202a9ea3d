/** Removes secrets from everything that is printed, logged or kept. */
export interface Blot {
  text(text: string): string;
  bytes(content: Buffer): Buffer;
}

/** What stands where a secret stood. */
const blotted = "***";

/** A shorter secret would be found in texts that only happen to hold it. */
const shortest = 8;

/**
 * Takes texts out of whatever holds them, also as a service may echo them: in capitals or small letters; escaped for a
 * URL, JSON or XML, each character in its own way, twice in a URL; in UTF-16; broken over lines; in hexadecimal; in base64, alone or within more.
 *
 * @throws Error for a secret shorter than 8 characters, with `usage` as its cause
 */
export function blotOf(secrets: readonly string[]): Blot {
  if (secrets.some((secret) => secret.length < shortest))
    throw new Error(`secret too short: a token has at least ${shortest} characters`, {cause: "usage"});
  if (secrets.length === 0) return {text: (text) => text, bytes: (content) => content};
  const forms = new RegExp(secrets.flatMap(patternsOf).join("|"), "gi");
  // Latin-1 has one character for each byte, whatever the bytes mean.
  const cleaned = (latin: string) => latin.replace(forms, blotted);
  return {
    text: (text) => Buffer.from(cleaned(Buffer.from(text).toString("latin1")), "latin1").toString(),
    bytes: (content) => Buffer.from(cleaned(content.toString("latin1")), "latin1")
  };
}

/** What may stand between two characters of an echo: the breaks of lines, quoted-printable's too, and UTF-16's zero bytes. */
const between = String.raw`[\s\0]*(?:=\r?\n)?`;

function patternsOf(secret: string): string[] {
  const hex = [...Buffer.from(secret)].map((byte) => byte.toString(16).padStart(2, "0"));
  return [
    `${[...secret].map(characterPattern).join(between)}\\0?`,
    hex.join(`[\\s:\\0]*`),
    ...base64Of(secret).map((text) => [...text].map(escaped).join(between))
  ];
}

/** A character, large or small, or what stands for it in URLs, JSON, XML, quoted-printable and UTF-16. */
function characterPattern(character: string): string {
  // The letters beyond ASCII are several bytes, of which no capitals are known here.
  const cases = new Set([character, character.toLowerCase(), character.toUpperCase()]);
  return `(?:${[...cases].flatMap(spellingsOf).join("|")})`;
}

function spellingsOf(character: string): string[] {
  const bytes = [...Buffer.from(character)].map((byte) => byte.toString(16).padStart(2, "0"));
  const utf16 = Buffer.from(character, "utf16le");
  const units = Array.from({length: character.length}, (_, index) => character.charCodeAt(index).toString(16));
  const point = character.codePointAt(0)!;
  const entity = entities[character];
  return [
    `\\\\?${escaped(Buffer.from(character).toString("latin1"))}`,
    bytes.map((byte) => `%(?:25)*${byte}`).join(""),
    bytes.map((byte) => `=${byte}`).join(""),
    bytes.map((byte) => `\\\\x${byte}`).join(""),
    units.map((unit) => `\\\\+u${unit.padStart(4, "0")}`).join(""),
    `&(?:amp;)*#0*${point};`,
    `&(?:amp;)*#x0*${point.toString(16)};`,
    ...(entity === undefined ? [] : [`&(?:amp;)*${entity};`]),
    ...(character === " " ? ["[+]"] : []),
    ...(point < 128 ? [] : [utf16, Buffer.from(utf16).swap16()].map((text) => escaped(text.toString("latin1"))))
  ];
}

const entities: Readonly<Record<string, string>> = {"&": "amp", "<": "lt", ">": "gt", '"': "quot", "'": "apos"};

/** The characters of base64 that a text alone decides, wherever in a longer one it begins. */
function base64Of(secret: string): string[] {
  const bytes = Buffer.from(secret);
  return [0, 1, 2].flatMap((before) => {
    const text = Buffer.concat([Buffer.alloc(before), bytes])
      .toString("base64")
      .replaceAll("=", "");
    const isWhole = (before + bytes.length) % 3 === 0;
    const own = text.slice(before === 0 ? 0 : before + 1, isWhole ? undefined : -1);
    return [own, own.replaceAll("+", "-").replaceAll("/", "_")];
  });
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/-]/g, "\\$&");
}

/** An address in two parts: what may be written down, and the parameters that may not. */
export interface PartedAddress {
  readonly open: URL;
  readonly secret: readonly (readonly [name: string, value: string])[];
}

const secretName = /(?:key|token|secret|password|passwd|pwd|auth|signature|sig)$/i;

/** Parts the parameters of an address that are named as secrets are (`apikey`, `securityToken`) from the rest. */
export function partAddress(address: string): PartedAddress {
  const open = new URL(address);
  const secret = [...open.searchParams].filter(([name]) => secretName.test(name));
  for (const [name] of secret) open.searchParams.delete(name);
  return {open, secret};
}

/** The address with parameters added. */
export function withParameters(address: URL, parameters: PartedAddress["secret"]): URL {
  const whole = new URL(address);
  for (const [name, value] of parameters) whole.searchParams.set(name, value);
  return whole;
}
