import { mkdirSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus } from "node:os";
import { join } from "node:path";
import type { RouteResult } from "../measure/measure-routes.ts";

/** Ignored by git. */
const FOLDER = ".bench";

export interface Report {
  readonly madeAt: string;
  readonly machine: { readonly cores: number; readonly model: string; readonly node: string };
  readonly settings: Readonly<Record<string, unknown>>;
  /** The hot routes. */
  readonly routes: readonly RouteResult[];
}

export function newReport(settings: Report["settings"], results: Pick<Report, "routes">): Report {
  const model = cpus()[0]?.model.trim() ?? "unknown";
  return {
    madeAt: new Date().toISOString(),
    machine: { cores: availableParallelism(), model, node: process.version },
    settings,
    ...results,
  };
}

/** Writes it as JSON; answers the file's path. */
export function keepReport(root: string, report: Report): string {
  const folder = join(root, FOLDER);
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${report.madeAt.replaceAll(/[:.]/g, "-")}.json`);
  writeFileSync(file, `${JSON.stringify(report, null, 2)}\n`);
  return file;
}
