import { spawn } from "node:child_process";

interface Ran {
  readonly code: number | null;
  readonly lines: readonly string[];
  readonly problems: string;
}

/** `npm run bench -- <args>` */
export function runBench(...args: string[]): Promise<Ran> {
  const child = spawn(process.execPath, ["--no-warnings", "test/bench/bench.ts", ...args]);
  let output = "";
  let problems = "";
  child.stdout.on("data", (chunk: Buffer) => {
    output += chunk.toString();
  });
  child.stderr.on("data", (chunk: Buffer) => {
    problems += chunk.toString();
  });
  return new Promise((resolve) =>
    child.once("close", (code) => resolve({ code, lines: output.trim().split("\n"), problems })),
  );
}
