import type {CategoryValue} from "../sources/shape.js";
import {certain, type Finding, given, likely} from "./finding.js";
import {isListOfNumbers, isNumeric, type Look} from "./look.js";
import {channelIn, foreignUnitIn, fuelIn, meterWords, unitIn} from "./words.js";

const valueWords =
  /value|energy|kwh|mwh|\bwh\b|\bkw\b|consum|usage|load|^p[+-]$|generat|import|export|reading|power|volume|quantity|amount|menge|verbrauch|consumo|määrä|valeur|energia/i;

/** The columns of the values: several only where their names say different channels. */
export function findValues(looks: readonly Look[], isList: boolean): Look[] {
  if (isList) return looks.filter(isListOfNumbers).slice(0, 1);
  const isId = (look: Look) =>
    /(^|[ _])(id|code|count|no|nr|lat|lon)$|number|postcode|zip|ean|mprn|mpan|nmi|cups/i.test(look.name);
  const fitting = looks.filter(
    (look) => isNumeric(look) && !isId(look) && look.forms.size === 0 && !foreignUnitIn(look.name)
  );
  const worth = (look: Look) =>
    (valueWords.test(look.name) ? 4 : 0) +
    (unitIn(look.name) ? 3 : 0) +
    (look.points + look.commas > 0 ? 2 : 0) +
    (meterWords.test(look.name) && !valueWords.test(look.name) ? -4 : 0) +
    look.distinct / Math.max(1, look.filled);
  const ranked = [...fitting].sort((a, b) => worth(b) - worth(a));
  const isNamed = ({name}: Look) => valueWords.test(name) || unitIn(name) !== undefined;
  const named = ranked.filter((look) => isNamed(look) && channelIn(look.name) !== undefined);
  const channels = new Set(named.map((look) => channelIn(look.name)));
  const parts = named.filter((look) => unitIn(look.name) === unitIn(named[0]!.name));
  if (channels.size > 1 && parts.length > 1 && new Set(parts.map((look) => channelIn(look.name))).size === parts.length)
    return looks.filter((look) => parts.includes(look));
  const [best] = ranked;
  // A number that is named like nothing is a value only where it has a fraction, or is the only one.
  return best && (isNamed(best) || best.points + best.commas > 0 || ranked.length === 1) ? [best] : [];
}

/** Which columns hold the values, and how that is known. */
export function valueFinding(values: readonly Look[], wide: readonly string[], isSaid: boolean): Finding {
  if (wide.length > 0)
    return certain(
      "value",
      `${wide.length} columns, ${wide[0]} to ${wide.at(-1)}`,
      `a day a row, ${1440 / wide.length} minutes a column`
    );
  const names = values.map(({name}) => name).join(" and ");
  if (isSaid) return given("value", names, "--value");
  const [first] = values;
  return certain(
    "value",
    names,
    isListOfNumbers(first!)
      ? `lists of numbers, type ${first!.type}`
      : `such as ${first!.example}; ${first!.distinct} different`
  );
}

/** What the name of a column of values decides. */
export function setOf(name: string): CategoryValue {
  const channel = channelIn(name);
  const unit = unitIn(name);
  const fuel = fuelIn(name);
  return {...(channel && {channel}), ...(unit && {unit}), ...(fuel && {fuel})};
}

/** The decimal mark that most of the values have. */
export function decimalMarkOf(values: readonly Look[]): {mark: "." | ","; finding: Finding} {
  const sum = (of: "points" | "commas") => values.reduce((total, look) => total + look[of], 0);
  const [points, commas] = [sum("points"), sum("commas")];
  const mark = commas > points ? "," : ".";
  if (values.some(isListOfNumbers)) return {mark, finding: certain("decimal mark", ".", "numbers of a binary type")};
  if (points + commas === 0) return {mark, finding: certain("decimal mark", "none", "all values are whole numbers")};
  return {
    mark,
    finding:
      points > 0 && commas > 0
        ? likely(
            "decimal mark",
            mark,
            `${commas} values with a comma, ${points} with a point`,
            "the sender: one of them is wrong, or groups thousands"
          )
        : certain("decimal mark", mark, `${points + commas} values have it, none the other`)
  };
}
