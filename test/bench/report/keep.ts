import { mkdirSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus } from "node:os";
import { join } from "node:path";
import type { Results } from "../measure/measure-all.ts";
import type { Options } from "../options.ts";
import { drawReport } from "./svg.ts";

/** Ignored by git. */
const FOLDER = ".bench";

export interface Report extends Results {
  readonly madeAt: string;
  readonly machine: { readonly cores: number; readonly model: string; readonly node: string };
  readonly settings: Readonly<Record<string, unknown>>;
}

export function newReport(options: Options, results: Results): Report {
  const model = cpus()[0]?.model.trim() ?? "unknown";
  return {
    madeAt: new Date().toISOString(),
    machine: { cores: availableParallelism(), model, node: process.version },
    settings: { ...options, only: options.only.source },
    ...results,
  };
}

/** Writes it as JSON, and draws it beside that; answers the paths. */
export function keepReport(root: string, report: Report): { json: string; svg: string } {
  const folder = join(root, FOLDER);
  mkdirSync(folder, { recursive: true });
  const file = join(folder, report.madeAt.replaceAll(/[:.]/g, "-"));
  const paths = { json: `${file}.json`, svg: `${file}.svg` };
  writeFileSync(paths.json, `${JSON.stringify(report, null, 2)}\n`);
  writeFileSync(paths.svg, drawReport(report));
  return paths;
}
