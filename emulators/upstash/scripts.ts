import { createHash } from "node:crypto";

/** Upstash's own flag, which stands before each script of @upstash/ratelimit; Redis 7 refuses it. */
const FLAGS = /^#!lua flags=[^\n]*\n/;

/** The scripts that were sent, by the SHA-1 of how they were sent. */
export class Scripts {
  readonly #bySha = new Map<string, string>();

  /** Keeps a script and answers its SHA-1. */
  remember(script: string): string {
    const sha = createHash("sha1").update(script).digest("hex");
    this.#bySha.set(sha, script.replace(FLAGS, ""));
    return sha;
  }

  forget(): void {
    this.#bySha.clear();
  }

  /** A command as Redis takes it; the SHA-1 of an unknown script is left for Redis to refuse. */
  translate(command: readonly [string, ...string[]]): [string, ...string[]] {
    const [name, script = "", ...rest] = command;
    if (name.toUpperCase() === "EVAL") {
      this.remember(script);
      return ["EVAL", script.replace(FLAGS, ""), ...rest];
    }
    const known = name.toUpperCase() === "EVALSHA" ? this.#bySha.get(script) : undefined;
    return known === undefined ? [...command] : ["EVAL", known, ...rest];
  }
}
