import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import type { Readable } from "node:stream";

const GRACE_MS = 3000;
const WINDOWS = process.platform === "win32";

/** A child whose two outputs are read here. */
export type Child = ChildProcess & { readonly stdout: Readable; readonly stderr: Readable };

const living = new Set<ChildProcess>();

/** A Node process that leads its own process group and dies with this one, together with all that it starts. */
export function startChild(script: string, args: readonly string[], env: NodeJS.ProcessEnv): Child {
  const preload = new URL("./die-with-parent.ts", import.meta.url).href;
  const child = spawn(process.execPath, ["--no-warnings", "--import", preload, script, ...args], {
    env,
    detached: !WINDOWS,
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  living.add(child);
  child.once("exit", () => {
    killGroup(child);
    living.delete(child);
  });
  if (!hasOutputs(child)) throw new Error(`${script} was started without its outputs`);
  return child;
}

function hasOutputs(child: ChildProcess): child is Child {
  return child.stdout !== null && child.stderr !== null;
}

/** Ends every child with its descendants: politely, and after three seconds by force. */
export async function endChildren(): Promise<void> {
  await Promise.all([...living].map(endChild));
}

/** Ends every child with its descendants at once: all that can be done while this process exits. */
export function killChildren(): void {
  for (const child of living) killGroup(child);
}

async function endChild(child: ChildProcess): Promise<void> {
  const ended = new Promise((resolve) => child.once("exit", resolve));
  if (!WINDOWS) child.kill("SIGTERM");
  if (!WINDOWS) await Promise.race([ended, pause(GRACE_MS)]);
  killGroup(child);
}

/** Says how a child ended, for a sentence that starts with its name. */
export function describeExit(code: number | null, signal: NodeJS.Signals | null): string {
  return signal === null ? `ended with code ${code}` : `was ended by ${signal}`;
}

/** Resolves after that many milliseconds. */
export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** Reaches what outlived the leader too: a group exists as long as any member does. */
function killGroup(leader: ChildProcess): void {
  if (leader.pid === undefined) return;
  if (WINDOWS) return void spawnSync("taskkill", ["/pid", String(leader.pid), "/T", "/F"]);
  try {
    process.kill(-leader.pid, "SIGKILL");
  } catch {
    // Nobody of the group is left.
  }
}
