import type {CategoryValue} from "../sources/shape.js";
import {type Unit, units} from "../sources/source.js";

type Channel = "import" | "export" | "production" | "consumption";

/** What senders call the channels, in the order in which they are looked for: a feed-in of generation is an export. */
const channelWords: readonly (readonly [Channel, RegExp])[] = [
  [
    "export",
    /export|inject|feed[ _-]?in|fed[ _-]?in|terug|einspeis|vertid|excedent|surplus|to[ _]grid|\bsold\b|^[ap]-$|^b1$/i
  ],
  ["production", /generat|produc|erzeug|opwek|\bsolar\b|\bpv\b|photovolt|^gg$/i],
  ["import", /import|offtake|afname|bezug|from[ _]grid|soutir|purchas|bought|^[ap]\+$|^e1$|^gc$|^cl$|controlled load/i],
  [
    "consumption",
    /consum|usage|\bused?\b|verbrauch|verbruik|demand|\bload\b|kulutus|förbrukning|zużycie|\bkwh[ _]?used\b/i
  ]
];

/** The channel that a name or a text stands for; undefined where it is no word for one. */
export function channelIn(text: string): Channel | undefined {
  const words = text.trim().replaceAll("_", " ");
  return channelWords.find(([, pattern]) => pattern.test(words) || pattern.test(text.trim()))?.[0];
}

/** The unit in a name: of `energy_kwh`, `Read Value (kW)`, `KWH/hh`, `Wh`. */
export function unitIn(text: string): Unit | undefined {
  const words = text.split(/[^A-Za-z0-9³]+/).flatMap((word) => [word, ...word.split(/(?<=[a-z])(?=k?Wh?$|MWh?$)/)]);
  return words
    .map((word) => units.find((unit) => unit.toLowerCase() === word.toLowerCase().replace("³", "3")))
    .find((unit) => unit !== undefined);
}

/** A word for power or energy that is none of the units known: `kvarh`. */
export function foreignUnitIn(text: string): string | undefined {
  return /(?:^|[^a-z])(k?va(?:r?h?)|kvarh?|cost|price|eur|usd|gbp|aud|°?c)(?:$|[^a-z])/i.exec(text)?.[1];
}

/** The fuel in a name. */
export function fuelIn(text: string): "gas" | "district_heating" | "electricity" | undefined {
  if (/(^|[^a-z])gas([^a-z]|$)|gaz|natural.?gas/i.test(text)) return "gas";
  if (/district.?heat|fernwärme|stadsverwarming/i.test(text)) return "district_heating";
  return /electric|strom\b|elektri/i.test(text) ? "electricity" : undefined;
}

/** What a text of a category decides; undefined of one that says nothing that is known. */
export function categoryIn(text: string): CategoryValue | undefined {
  const channel = channelIn(text);
  const unit = unitIn(text);
  const fuel = fuelIn(text);
  if (!channel && !unit && !fuel) return undefined;
  // A controlled load has a register of its own beside the general one.
  const isOwnRegister = /^cl$|controlled load/i.test(text.trim());
  return {
    ...(channel && {channel}),
    ...(unit && {unit}),
    ...(fuel && {fuel}),
    ...(isOwnRegister && {meter_suffix: ` ${text.trim()}`})
  };
}

const measured =
  /^(a|r|m|v|actual|real|read|measured|ok|valid|validated|good|reading|uitgelezen|gevalideerd|true value|final)$/i;
const estimated = /^(e|est|estimated|estimate|estimada|estimado|geschat|substituted|s|f|uncertain|forecast|subst)$/i;

/** What a text says of a value's quality; undefined of one that isn't known. */
export function qualityIn(text: string): "measured" | "estimated" | undefined {
  const word = text.trim();
  return measured.test(word) ? "measured" : estimated.test(word) ? "estimated" : undefined;
}

/** An interval's length as `interval_row` has it: of `PT15M`, `30 min`, `1h`, `60min`, `hourly`. */
export function resolutionIn(text: string): "15min" | "30min" | "60min" | undefined {
  const word = text.trim().toLowerCase();
  if (/^(pt1h|1 ?h(our)?|hourly|hour|60)$/.test(word)) return "60min";
  const [, minutes] = /^(?:pt)?(15|30|60) ?m(?:in(?:utes?)?)?$|^(15|30)$/.exec(word) ?? [];
  const found = minutes ?? /^(15|30)$/.exec(word)?.[1];
  return found === undefined ? undefined : (`${found}min` as "15min" | "30min" | "60min");
}

/** Whether a column is named like one that tells whose values they are. */
export const meterWords =
  /meter|mpan|mprn|\bnmi\b|\bean\b|\bcups\b|\bmpxn\b|\bgsrn\b|lclid|device|dev_|serial|point|gr_name|station|site|customer|consumer|house|home|account|premise|^id$|[ _]id$|malo|tunnus|zähl/i;
