import { fileURLToPath } from "node:url";
import { type Child, pause, startChild } from "./child.ts";
import { Refusal } from "./refusal.ts";
import type { StateFolder } from "./state.ts";

const READY_TIMEOUT_MS = 90_000;
const PROBE_TIMEOUT_MS = 10_000;
const POLL_MS = 50;

const QUIET = {
  WRANGLER_SEND_METRICS: "false",
  WRANGLER_SEND_ERROR_REPORTS: "false",
  WRANGLER_HIDE_BANNER: "true",
  CLOUDFLARE_CF_FETCH_ENABLED: "false",
};

/** Starts `wrangler dev`, which rebuilds the Worker whenever its source changes. */
export function startWorker(
  port: number,
  state: StateFolder,
  variables: { args: readonly string[]; env: NodeJS.ProcessEnv },
): Child {
  const wrangler = fileURLToPath(import.meta.resolve("wrangler"));
  const args = [
    "dev",
    "--local",
    ...["--ip", "127.0.0.1", "--port", String(port), "--inspector-port", "0"],
    ...["--persist-to", state.worker],
    "--show-interactive-dev-session=false",
    ...variables.args,
  ];
  return startChild(wrangler, args, wranglerEnvironment(state, variables.env));
}

/** The environment in which wrangler asks nothing of the network and leaves nothing outside the state folder. */
export function wranglerEnvironment(state: StateFolder, env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return {
    ...env,
    ...QUIET,
    WRANGLER_LOG_PATH: state.logs,
    WRANGLER_REGISTRY_PATH: state.registry,
  };
}

/** Resolves when the child says that it listens (wrangler's DEV_SERVER_READY). */
export function listening(worker: Child): Promise<void> {
  return new Promise((resolve) => {
    worker.on("message", (message) => {
      if (String(message).includes("DEV_SERVER_READY")) resolve();
    });
  });
}

/** Resolves when the Worker answers 200 on /health; throws a Refusal with its last answer after 90 seconds. */
export async function healthy(url: string): Promise<void> {
  const deadline = Date.now() + READY_TIMEOUT_MS;
  let last = "no answer";
  while (Date.now() < deadline) {
    try {
      const answer = await fetch(`${url}/health`, {
        signal: AbortSignal.timeout(PROBE_TIMEOUT_MS),
      });
      if (answer.ok) return void (await answer.text());
      last = `${answer.status} ${await answer.text()}`;
    } catch (error) {
      last = String(error);
    }
    await pause(POLL_MS);
  }
  throw new Refusal(`The Worker does not answer ${url}/health. Its last answer: ${last}`);
}
