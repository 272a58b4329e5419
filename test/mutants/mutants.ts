/**
 * The mutants: small changes of the source and of the migrations, each of which takes one guard away, and each with the
 * test that must notice. Whoever is not noticed is named.
 *
 *   npm run mutants                          all of them
 *   npm run mutants -- --sample 40           this many, different ones each time; --seed 4f1c picks the same again
 *   npm run mutants -- --only refund         those whose name, text or test matches a regular expression
 *   npm run mutants -- --jobs 4              this many copies side by side, instead of 2
 *   npm run mutants -- --list                names them, and tries none
 */
import { randomBytes } from "node:crypto";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { killChildren } from "../../scripts/dev/child.ts";
import { sample } from "../simulation/world/random.ts";
import { removeCopies } from "./run/copy.ts";
import { progress, summary } from "./run/report.ts";
import { tryAll } from "./run/try-all.ts";
import { TABLE } from "./table.ts";

const INTERRUPTED = 130;
const repository = resolve(import.meta.dirname, "../..");

const { values } = parseArgs({
  options: {
    sample: { type: "string" },
    seed: { type: "string", default: randomBytes(4).toString("hex") },
    only: { type: "string", default: "" },
    jobs: { type: "string", default: "2" },
    list: { type: "boolean", default: false },
  },
});

/** A whole number above 0 that was asked for. */
function count(name: "sample" | "jobs", value: string): number {
  const number = Number(value);
  if (!Number.isInteger(number) || number < 1) throw new Error(`--${name} is a number above 0.`);
  return number;
}

process.on("exit", () => {
  killChildren();
  removeCopies();
});
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(signal, () => process.exit(INTERRUPTED));
}

const matching = new RegExp(values.only, "i");
const meant = TABLE.filter(({ name, change, dies, by = "" }) =>
  [name, ...change, dies, by].some((text) => matching.test(text)),
);
const chosen =
  values.sample === undefined ? meant : sample(meant, count("sample", values.sample), values.seed);

if (values.list) {
  for (const { name, dies, by } of chosen) console.log([name, dies, by ?? ""].join("\t"));
} else {
  const seed = values.sample === undefined ? "" : ` (seed ${values.seed})`;
  console.log(`${chosen.length} of ${TABLE.length} mutants${seed}`);
  const started = performance.now();
  const verdicts = await tryAll(
    chosen,
    { repository, jobs: count("jobs", values.jobs) },
    progress((line) => console.log(line)),
  );
  const seconds = (performance.now() - started) / 1000;
  for (const line of summary(verdicts, seconds)) console.log(line);
  const well = verdicts.length > 0 && verdicts.every(({ is }) => is === "killed");
  process.exitCode = well ? 0 : 1;
}
