import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Child, startChild } from "../../../scripts/dev/child.ts";
import type { Place, Source } from "./sources.ts";
import type { Outcomes, Task, Tests } from "./task.ts";

/** The tests of a file that take longer than this, in milliseconds, hang in a way that none of them notices. */
const PATIENCE_MS = 240_000;
const MAX_SAID_CHARS = 1000;
const NOT_COPIED = ["node_modules", ".git", ".wrangler", ".holdfast", "dist", "coverage"];
const TESTER = fileURLToPath(new URL("./tester.ts", import.meta.url));

const folders = new Set<string>();

/** Takes away what copies leave behind: all that can be done while this process exits. */
export function removeCopies(): void {
  for (const folder of folders) remove(folder);
}

/** The processes that were killed a moment ago may still write into it. */
function remove(folder: string): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
  folders.delete(folder);
}

/** A copy of the repository, in which one mutant after the other is put in and taken out again. */
export class Copy {
  readonly #folder = mkdtempSync(join(tmpdir(), "holdfast-mutants-"));
  /** What was changed since its tester has last looked. */
  readonly #changed = new Set<string>();
  #tester: Child | undefined;
  /** The end of what its tester has complained of. */
  #said = "";

  constructor(repository: string) {
    folders.add(this.#folder);
    const filter = (source: string) => !NOT_COPIED.includes(basename(source));
    cpSync(repository, this.#folder, { recursive: true, filter });
    const modules = "node_modules";
    symlinkSync(join(repository, modules), join(this.#folder, modules), "junction");
  }

  /** Changes one file. */
  put({ path, mutated }: Pick<Place, "path" | "mutated">): void {
    writeFileSync(join(this.#folder, path), mutated);
    this.#changed.add(join(this.#folder, path));
  }

  /** Changes it back. */
  restore({ path, text }: Source): void {
    this.put({ path, mutated: text });
  }

  /** Runs these tests on the files as they are now. */
  async test(tests: readonly Tests[], untilOneFails: boolean): Promise<Outcomes> {
    const tester = this.#tester ?? this.#start();
    this.#tester = tester;
    tester.send({ tests, untilOneFails, changed: [...this.#changed] } satisfies Task);
    this.#changed.clear();
    const answer = await answerOf(tester, tests.length * PATIENCE_MS);
    if (typeof answer !== "string") return answer;
    this.#tester = undefined;
    const outcome = { passed: [], failed: [], broken: [`${answer} ${this.#said}`.trim()] };
    return Object.fromEntries(tests.map(({ file }) => [file, outcome]));
  }

  close(): void {
    this.#tester?.kill("SIGKILL");
    remove(this.#folder);
  }

  #start(): Child {
    const own = Object.entries(process.env).filter(([name]) => !/^(VITEST|NODE_ENV)/.test(name));
    const tester = startChild(TESTER, [this.#folder], {
      ...Object.fromEntries(own),
      TMPDIR: this.#folder,
    });
    tester.stdout.resume();
    tester.stderr.on("data", (chunk: Buffer) => {
      this.#said = `${this.#said}${chunk}`.slice(-MAX_SAID_CHARS);
    });
    return tester;
  }
}

/** What a tester says, or why it says nothing more: it has ended, or was ended because it hung. */
function answerOf(tester: Child, patienceMs: number): Promise<Outcomes | string> {
  return new Promise((resolve) => {
    const finish = (answer: Outcomes | string) => {
      clearTimeout(timer);
      tester.off("message", finish).off("exit", ended);
      resolve(answer);
    };
    const ended = () => finish("the program that runs the tests has ended");
    const timer = setTimeout(() => {
      tester.kill("SIGKILL");
      finish(`nothing was heard of its tests for ${patienceMs / 1000} s`);
    }, patienceMs);
    tester.once("message", finish).once("exit", ended);
  });
}
