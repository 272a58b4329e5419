import { readFileSync } from "node:fs";
import { Refusal } from "./refusal.ts";

const LAUNCHER_CHECK_MS = 500;
/** How long undoing may take: whatever hangs then, the children are killed as this process exits. */
const PATIENCE_MS = 6000;
const SHELLS = ["sh", "dash", "bash", "ash"];
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

type CleanUp = () => void | Promise<void>;

export interface End {
  /** Adds what has to be undone before the process exits; the last added is undone first. */
  cleanUp(undo: CleanUp): void;
  /** Says why in one sentence (with a stack for what nobody foresaw), undoes everything, exits with 1. */
  because(reason: unknown): Promise<void>;
}

/** Makes every way out of this process the same: undo, then exit; 0 when somebody asked for it. */
export function watchForEnd(): End {
  const undoing: CleanUp[] = [];
  let ending = false;

  const finish = async (code: number) => {
    ending = true;
    setTimeout(() => process.exit(code), PATIENCE_MS);
    for (const undo of undoing.reverse()) await Promise.resolve(undo()).catch(console.error);
    process.exit(code);
  };
  const because = async (reason: unknown) => {
    if (ending) return;
    console.error(explain(reason));
    await finish(1);
  };
  const asked = () => {
    // npm passes the terminal's Ctrl-C on, so each arrives twice.
    if (!ending) void finish(0);
  };

  for (const signal of SIGNALS) process.on(signal, asked);
  process.on("uncaughtException", because);
  process.on("unhandledRejection", because);
  watchLauncher(asked);
  return { cleanUp: (undo) => void undoing.push(undo), because };
}

/** npm that is killed outright tells nobody: without it, this process or the shell between has a new parent. */
function watchLauncher(gone: () => void): void {
  const { npm_lifecycle_event: startedByNpm } = process.env;
  if (startedByNpm === undefined) return;
  const launcher = process.ppid;
  const shell = launcherOfShell(launcher);
  const check = () => {
    if (process.ppid !== launcher || launcherOfShell(launcher) !== shell) gone();
  };
  setInterval(check, LAUNCHER_CHECK_MS).unref();
}

/** The parent of the shell that npm puts between itself and the script; undefined where npm needs none. */
function launcherOfShell(pid: number): string | undefined {
  try {
    // Linux: "pid (name) state parent …"; elsewhere there is no such file, and the shell replaces itself.
    const [, name, parent] =
      /\((.*)\) \S+ (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, "utf8")) ?? [];
    return name !== undefined && SHELLS.includes(name) ? parent : undefined;
  } catch {
    return undefined;
  }
}

function explain(reason: unknown): string {
  if (reason instanceof Refusal) return reason.message;
  if (reason instanceof Error) return reason.stack ?? reason.message;
  return String(reason);
}
