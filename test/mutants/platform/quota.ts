import type { Mutant } from "../mutant.ts";

/** A limit that is another number than it should be. */
export const quota = (
  name: string,
  [from, to]: readonly [number, number],
  [dies, by]: readonly [string, string],
): Mutant => ({
  name: `${name} is limited to ${to} instead of ${from}`,
  change: [`quota: ${from},`, `quota: ${to},`],
  after: `  ${name.includes("-") ? `"${name}"` : name}: {\n`,
  dies,
  by,
});
