import { SourceMap } from "node:module";
import type { Bundle } from "../build/bundle.ts";
import { partOf } from "../build/parts.ts";
import type { CpuProfile } from "./inspector.ts";

const MOST_FUNCTIONS = 12;
/** Waiting for the database or for the next request: nothing is at work in the Worker. */
const AT_REST = ["(idle)", "(root)"];
/** The runtime's own work, bindings and sockets included. */
const RUNTIME = "the runtime";
/** drizzle-orm ships a source map whose paths do not name it. */
const WITHOUT_NAME = "a package with other paths in its map";
/** The name that the runtime has for the bundle. */
const BUNDLE = /index\.js$/;
const COLLECTOR = "the garbage collector";
const RUNTIMES = [RUNTIME, COLLECTOR];

export interface Spent {
  readonly name: string;
  /** In that code itself, a request, in microseconds. */
  readonly us: number;
}

export interface TimeOfRoute {
  readonly name: string;
  /** All of it in the Worker's isolate, a request, in microseconds; what the database does is not in it. */
  readonly us: number;
  readonly parts: readonly Spent[];
  readonly functions: readonly Spent[];
}

/** Says in which part and in which function the time of a request goes. */
export function whereTimeGoes(
  name: string,
  profile: CpuProfile,
  { requests, bundle }: { readonly requests: number; readonly bundle: Bundle },
): TimeOfRoute {
  const sources = new SourceMap(JSON.parse(bundle.map));
  const known = new Set(Object.keys(bundle.inputs).map(partOf));
  const self = new Map<number, number>();
  for (const [i, id] of profile.samples.entries())
    self.set(id, (self.get(id) ?? 0) + (profile.timeDeltas[i] ?? 0));
  const parts = new Map<string, number>();
  const functions = new Map<string, number>();
  for (const { id, callFrame } of profile.nodes) {
    const us = (self.get(id) ?? 0) / requests;
    if (us === 0 || AT_REST.includes(callFrame.functionName)) continue;
    const { part, where } = placeOf(callFrame, sources);
    const name = known.has(part) || RUNTIMES.includes(part) ? part : WITHOUT_NAME;
    parts.set(name, (parts.get(name) ?? 0) + us);
    functions.set(where, (functions.get(where) ?? 0) + us);
  }
  const total = [...parts.values()].reduce((sum, us) => sum + us, 0);
  return {
    ...{ name, us: total, parts: largestFirst(parts) },
    functions: largestFirst(functions).slice(0, MOST_FUNCTIONS),
  };
}

function placeOf(frame: CpuProfile["nodes"][number]["callFrame"], sources: SourceMap) {
  const { functionName, url, lineNumber, columnNumber } = frame;
  if (functionName === "(garbage collector)") return { part: COLLECTOR, where: COLLECTOR };
  if (functionName === "(program)") return { part: RUNTIME, where: RUNTIME };
  if (!BUNDLE.test(url)) return { part: RUNTIME, where: `${functionName}  ${url}`.trim() };
  const entry = sources.findEntry(lineNumber, columnNumber);
  if (!("originalSource" in entry)) return { part: RUNTIME, where: functionName || RUNTIME };
  const file = entry.originalSource.replace(/^.*?((?:node_modules|src)\/)/, "$1");
  const words = functionName === "" ? "(a function without a name)" : functionName;
  return {
    part: partOf(entry.originalSource),
    where: `${words}  ${file.replace("node_modules/", "")}:${entry.originalLine + 1}`,
  };
}

function largestFirst(spent: ReadonlyMap<string, number>): Spent[] {
  return [...spent].map(([name, us]) => ({ name, us })).sort((a, b) => b.us - a.us);
}
