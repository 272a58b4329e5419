import { spawn } from "node:child_process";
import { join, resolve } from "node:path";

export interface WranglerResult {
  ok: boolean;
  stdout: string;
  stderr: string;
}

/** Runs wrangler without questions, in one repository. With `show`, its output also goes to the terminal. */
export type Wrangler = (args: string[], options?: { show: boolean }) => Promise<WranglerResult>;

const BINARY = resolve(import.meta.dirname, "../../node_modules/wrangler/bin/wrangler.js");

const QUIET = {
  NO_COLOR: "1",
  WRANGLER_HIDE_BANNER: "true",
  WRANGLER_SEND_METRICS: "false",
  WRANGLER_SEND_ERROR_REPORTS: "false",
};

/**
 * `root` holds wrangler.toml; `env` carries the account's token, if it is not from `wrangler login`;
 * `echo` gets the output of the calls that show it.
 */
export function createWrangler(
  root: string,
  env: NodeJS.ProcessEnv = process.env,
  echo: (text: string) => void = (text) => process.stdout.write(text),
): Wrangler {
  return (args, options) =>
    new Promise((settle, reject) => {
      const child = spawn(process.execPath, [BINARY, ...args], {
        cwd: root,
        env: { ...env, ...QUIET, WRANGLER_LOG_PATH: join(root, ".wrangler", "logs") },
        stdio: ["ignore", "pipe", "pipe"],
      });
      const output = { stdout: "", stderr: "" };
      for (const stream of ["stdout", "stderr"] as const) {
        child[stream].setEncoding("utf8").on("data", (text: string) => {
          output[stream] += text;
          if (options?.show === true) echo(text);
        });
      }
      child.on("error", reject);
      child.on("close", (code) => settle({ ok: code === 0, ...output }));
    });
}
