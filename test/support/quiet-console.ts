import { afterEach } from "vitest";

const written: (() => void)[] = [];

for (const level of ["info", "warn", "error"] as const) {
  const write = console[level].bind(console);
  console[level] = (...line: unknown[]) => void written.push(() => write(...line));
}

/** What the Worker logs, a line a request, is told after a failure only. To be called for each file. */
export function tellAfterFailure(): void {
  afterEach(({ task }) => {
    const lines = written.splice(0);
    if (task.result?.state === "fail") for (const write of lines) write();
  });
}
