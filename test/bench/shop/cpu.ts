import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";

const NS_PER_MS = 1e6;
const MS_PER_S = 1000;

/** The CPU time that this process has used so far, in milliseconds, over all its threads. */
export function cpuOf(pid: number): number {
  return existsSync(`/proc/${pid}/task`) ? fromProc(pid) : fromPs(pid);
}

/** Linux: "nanoseconds on a CPU, nanoseconds waiting, times", a line a thread. */
function fromProc(pid: number): number {
  let total = 0;
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    try {
      const text = readFileSync(`/proc/${pid}/task/${thread}/schedstat`, "utf8");
      total += Number(text.split(" ")[0]) / NS_PER_MS;
    } catch {
      // A thread that has just ended.
    }
  }
  return total;
}

/** Elsewhere, in hundredths of a second: "[[days-]hours:]minutes:seconds". */
function fromPs(pid: number): number {
  const text = execFileSync("ps", ["-o", "time=", "-p", String(pid)], { encoding: "utf8" }).trim();
  const seconds = text
    .split(/[-:]/)
    .reduceRight(
      (sum, part, i, all) => sum + Number(part) * ([1, 60, 3600, 86_400][all.length - 1 - i] ?? 0),
      0,
    );
  return seconds * MS_PER_S;
}
