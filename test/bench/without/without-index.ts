import { DatabaseSync } from "node:sqlite";
import { shopFile } from "../../load/shop-file.ts";
import { bundleFloor } from "../build/bundle.ts";
import { Target } from "../load/load.ts";
import { median } from "../measure/compare.ts";
import type { Side } from "../measure/side.ts";
import { startRuntime } from "../shop/runtime.ts";
import { copySample, type Sample } from "../shop/sample-shop.ts";
import { type OneStatement, RUN_PATH, type StatementCost } from "../worker/program.ts";
import { askEverything } from "./ask-everything.ts";

/** A statement that only reads is run so often; others, once. */
const TIMES = 5;

export interface Difference {
  readonly sql: string;
  readonly before: StatementCost;
  readonly after: StatementCost;
}

export interface WithoutIndex {
  readonly index: string;
  /** What the database holds less without it, in bytes. */
  readonly bytes: number;
  readonly statements: number;
  /** The statements that read or write other rows without it, those that read most first. */
  readonly different: readonly Difference[];
}

/** Drops the index in a copy of the shop's database, and shows what it was for. Throws where there is no such index. */
export async function withoutIndex(
  side: Side,
  index: string,
  say: (line: string) => void,
): Promise<WithoutIndex> {
  const without = copySample(side.sample);
  const bytes = dropIndex(shopFile(without.folder), index);
  say("asking for everything once");
  const statements = await askEverything(side);
  say(`running ${statements.length} statements with ${index}, and without it`);
  const before = await runAll(side, copySample(side.sample), statements);
  const after = await runAll(side, without, statements);
  const all = statements.flatMap(({ sql }, i): Difference[] => {
    const [withIt, withoutIt] = [before[i], after[i]];
    return withIt && withoutIt ? [{ sql, before: withIt, after: withoutIt }] : [];
  });
  const different = all.filter(differs);
  different.sort((a, b) => b.after.rowsRead - a.after.rowsRead);
  return { index, bytes, statements: statements.length, different };
}

const differs = ({ before, after }: Difference) =>
  before.rowsRead !== after.rowsRead || before.rowsWritten !== after.rowsWritten;

/** Answers how many bytes less it is. */
function dropIndex(file: string, index: string): number {
  const database = new DatabaseSync(file);
  try {
    const sizes = database.prepare("SELECT sum(pgsize) AS bytes FROM dbstat WHERE name = ?");
    const bytes = Number(sizes.get(index)?.["bytes"]);
    database.exec(`DROP INDEX "${index}"`);
    return bytes;
  } finally {
    database.close();
  }
}

async function runAll({ root }: Side, sample: Sample, statements: readonly OneStatement[]) {
  const runtime = await startRuntime({ root, sample, bundle: await bundleFloor() });
  const target = await Target.open(runtime, 1);
  try {
    const costs: StatementCost[] = [];
    for (const one of statements) costs.push(await runOne(target, one));
    return costs;
  } finally {
    target.close();
    await runtime.stop();
  }
}

async function runOne(target: Target, statement: OneStatement): Promise<StatementCost> {
  const run = async () => {
    const { body } = await target.ask({
      ...{ method: "POST", path: RUN_PATH, body: JSON.stringify(statement) },
    });
    return JSON.parse(body) as StatementCost; // what the floor answers
  };
  const first = await run();
  if (!/^\s*(select|with)\b/i.test(statement.sql) || first.rowsWritten > 0) return first;
  const times = [first.ms];
  while (times.length < TIMES) times.push((await run()).ms);
  return { ...first, ms: median(times) };
}
