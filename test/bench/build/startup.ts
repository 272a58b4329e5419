import { join } from "node:path";
import { createWrangler } from "../../../scripts/deploy/wrangler.ts";
import { median } from "../measure/compare.ts";
import { temporaryFolder } from "../shop/sample-shop.ts";

export interface Startup {
  /** Of the runs, medians in milliseconds: CPU at work from the first line of the bundle to the last. */
  readonly activeMs: number;
  readonly runs: readonly number[];
}

/** The figures are what it says. */
const SPOKEN = { ...process.env, WRANGLER_LOG: "log" };
const ACTIVE = /Active: ([\d.]+) ms/;

/** What `wrangler check startup` says of the checkout in this folder, so many times. */
export async function measureStartup(root: string, times: number): Promise<Startup> {
  const outfile = join(temporaryFolder(), "startup.cpuprofile");
  const runs: number[] = [];
  for (let i = 0; i < times; i += 1) {
    const args = ["check", "startup", `--outfile=${outfile}`, "--args=--env="];
    const { ok, stdout, stderr } = await createWrangler(root, SPOKEN)(args);
    const found = ACTIVE.exec(stdout)?.[1];
    if (!ok || found === undefined) throw new Error(`${root}: no start-up\n${stdout}${stderr}`);
    runs.push(Number(found));
  }
  return { activeMs: median(runs), runs };
}
