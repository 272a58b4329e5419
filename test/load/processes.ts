import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";

const POLL_MS = 5;

export interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
}

/** All that this process started, directly or not: children before their own children. */
export function descendantsOf(pid: number): Process[] {
  const all = existsSync("/proc/self/stat") ? readProc() : askPs();
  const below = (parent: number): Process[] =>
    all.filter((one) => one.parent === parent).flatMap((one) => [one, ...below(one.pid)]);
  return below(pid);
}

/** SIGKILL for each, in this order; resolves once none of them runs any more. */
export async function killOutright(pids: readonly number[]): Promise<void> {
  for (const pid of pids) if (isRunning(pid)) process.kill(pid, "SIGKILL");
  while (pids.some(isRunning)) await new Promise((resolve) => setTimeout(resolve, POLL_MS));
}

/** A process that has ended, and that nobody has waited for, does not run. */
export function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0) && !isZombie(pid);
  } catch {
    return false;
  }
}

/** Has ended, and only its parent has not asked how. */
function isZombie(pid: number): boolean {
  try {
    return statOf(pid).state === "Z";
  } catch {
    return false;
  }
}

function readProc(): Process[] {
  const ids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return ids.flatMap((id) => {
    try {
      const { parent } = statOf(Number(id));
      const command = readFileSync(`/proc/${id}/cmdline`, "utf8").replaceAll("\0", " ");
      return [{ pid: Number(id), parent, command }];
    } catch {
      return []; // ended meanwhile
    }
  });
}

/** Linux: "pid (name) state parent …". */
function statOf(pid: number): { state: string; parent: number } {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const [state = "", parent] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return { state, parent: Number(parent) };
}

function askPs(): Process[] {
  const lines = execFileSync("ps", ["-A", "-ww", "-o", "pid=,ppid=,args="], { encoding: "utf8" });
  return [...lines.matchAll(/^\s*(\d+)\s+(\d+)\s+(.*)$/gm)].map(
    ([, pid, parent, command = ""]) => ({
      pid: Number(pid),
      parent: Number(parent),
      command,
    }),
  );
}
