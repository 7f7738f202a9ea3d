import {InvalidArgumentError} from "commander";

/** Takes a whole number above zero as an option's value. */
export function count(text: string): number {
  const number = Number(text);
  if (!/^\d+$/.test(text) || number < 1 || !Number.isSafeInteger(number)) {
    throw new InvalidArgumentError(`not a whole number above zero: ${text}`);
  }
  return number;
}

/** Takes what the dice begin with as an option's value: a whole number. */
export function seed(text: string): number {
  const number = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(number)) {
    throw new InvalidArgumentError(`not a whole number: ${text}`);
  }
  return number;
}

/** Takes a share as an option's value: from 0 to 1. */
export function rate(text: string): number {
  const number = Number(text);
  if (!/^\d*[.]?\d+$/.test(text) || number > 1) throw new InvalidArgumentError(`not a share from 0 to 1: ${text}`);
  return number;
}
