import type { TestProject } from "vitest/node";
import type { ReadyFile } from "../../../scripts/dev/state.ts";
import { startShop } from "../../load/shop-process.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** What `dev.json` says of the running shop. */
    readonly shop: ReadyFile;
  }
}

/** Starts the whole shop on free ports with fresh data; the returned function ends it. */
export default async function startForBrowsers(project: TestProject): Promise<() => Promise<void>> {
  const { stop, folder, port, pid, fire, database, ...shop } = await startShop();
  project.provide("shop", shop);
  return () => stop();
}
