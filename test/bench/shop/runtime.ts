import { join } from "node:path";
import { convertV4MiniflareOptions, Miniflare, type V4WorkerOptionsShape } from "miniflare";
import { unstable_getMiniflareWorkerOptions } from "wrangler";
import { descendantsOf } from "../../load/processes.ts";
import type { Bundle } from "../build/bundle.ts";
import { cpuOf } from "./cpu.ts";
import type { Sample } from "./sample-shop.ts";

/** What wrangler says of a configuration without secrets: they are given below. */
process.env["WRANGLER_LOG"] ??= "error";

/** A Worker in a workerd of its own, at workerd's own socket. */
export interface Runtime {
  readonly host: string;
  readonly port: number;
  readonly url: string;
  /** The CPU time of its process so far, in milliseconds. */
  cpu(): number;
  /** Where workerd's inspector listens, if it was asked for. */
  inspector(): Promise<URL>;
  stop(): Promise<void>;
}

export interface RuntimeOptions {
  readonly bundle: Bundle;
  /** The checkout whose wrangler.toml says what is bound. */
  readonly root: string;
  readonly sample: Sample;
  readonly port?: number;
  readonly inspect?: boolean;
  /** Consumes what is put on its queues; else the messages go nowhere, so that no job is measured as a request. */
  readonly jobs?: boolean;
}

/** Starts it on the sample's files. Nothing stands between the socket and the Worker: no proxy, no assets, no logging of requests. */
export async function startRuntime(options: RuntimeOptions): Promise<Runtime> {
  const { bundle, root, sample, port = 0, inspect = false, jobs = false } = options;
  const before = workerds();
  const { bindings, queueConsumers, ...bound } = whatIsBound(root);
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      modules: [...bundle.modules],
      ...bound,
      ...(jobs && queueConsumers !== undefined ? { queueConsumers } : {}),
      bindings: { ...bindings, ...sample.variables },
      unsafeDirectSockets: [{ host: "127.0.0.1", port }],
      resourcePersistencePath: sample.state,
      ...(inspect ? { inspectorPort: 0 } : {}),
      cf: false,
      logRequests: false,
      unsafeTriggerHandlers: true,
      handleStructuredLogs: () => undefined,
    }),
  );
  await miniflare.ready;
  const url = await miniflare.unsafeGetDirectURL();
  const pids = workerds().filter((pid) => !before.includes(pid));
  return {
    ...{ host: url.hostname, port: Number(url.port), url: url.origin },
    cpu: () => pids.reduce((sum, pid) => sum + cpuOf(pid), 0),
    inspector: () => miniflare.getInspectorURL(),
    stop: () => miniflare.dispose(),
  };
}

const BOUND = [
  ...["compatibilityDate", "compatibilityFlags", "bindings"],
  ...["d1Databases", "queueProducers", "queueConsumers", "ratelimits", "r2Buckets", "kvNamespaces"],
];

/** The bindings of this checkout's wrangler.toml. */
function whatIsBound(root: string): V4WorkerOptionsShape {
  const { workerOptions } = unstable_getMiniflareWorkerOptions(join(root, "wrangler.toml"));
  return Object.fromEntries(Object.entries(workerOptions).filter(([name]) => BOUND.includes(name)));
}

function workerds(): number[] {
  return descendantsOf(process.pid)
    .filter(({ command }) => command.includes("workerd"))
    .map(({ pid }) => pid);
}
