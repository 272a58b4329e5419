/** Upstash's REST protocol over a real Redis, as far as its own clients use it. https://upstash.com/docs/redis/features/restapi */
import type { Redis } from "ioredis";
import { Scripts } from "./scripts.ts";

export interface UpstashRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: { readonly authorization?: string; readonly encoding?: string };
  readonly body: string;
}

export interface UpstashAnswer {
  readonly status: number;
  readonly body: unknown;
}

type Command = readonly [string, ...string[]];
type Outcome = { readonly result: unknown } | { readonly error: string };

/** Answers requests as Upstash does, for whoever knows the token. */
export function createUpstash(redis: Redis, token: string) {
  const scripts = new Scripts();

  async function run(command: Command): Promise<Outcome> {
    try {
      return { result: await perform(redis, scripts, command) };
    } catch (error) {
      return { error: wordsOf(error) };
    }
  }

  async function transact(commands: readonly Command[]): Promise<UpstashAnswer> {
    const transaction = redis.multi();
    for (const command of commands) transaction.call(...scripts.translate(command));
    try {
      const outcomes = (await transaction.exec()) ?? [];
      const body = outcomes.map(([error, result]) =>
        error === null ? { result } : { error: wordsOf(error) },
      );
      return { status: 200, body };
    } catch (error) {
      return { status: 400, body: { error: wordsOf(error) } };
    }
  }

  async function route(path: string, body: unknown): Promise<UpstashAnswer> {
    if (path === "/") {
      const outcome = await run(asCommand(body));
      return { status: "error" in outcome ? 400 : 200, body: outcome };
    }
    if (path === "/pipeline") {
      const outcomes: Outcome[] = [];
      for (const command of asCommands(body)) outcomes.push(await run(command));
      return { status: 200, body: outcomes };
    }
    if (path === "/multi-exec") return transact(asCommands(body));
    throw new SyntaxError(`no such path ${path}`);
  }

  return async ({ method, path, headers, body }: UpstashRequest): Promise<UpstashAnswer> => {
    if (headers.authorization !== `Bearer ${token}`)
      return { status: 401, body: { error: "WRONGPASS invalid or missing auth token" } };
    if (method !== "POST") return { status: 405, body: { error: "ERR use POST" } };
    try {
      const answer = await route(path, JSON.parse(body));
      return headers.encoding === "base64"
        ? { ...answer, body: encodeAnswer(answer.body) }
        : answer;
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      return { status: 400, body: { error: `ERR failed to parse command: ${error.message}` } };
    }
  };
}

async function perform(redis: Redis, scripts: Scripts, command: Command): Promise<unknown> {
  const [name, ...args] = command;
  if (name.toUpperCase() !== "SCRIPT") return redis.call(...scripts.translate(command));
  const [verb = "", script = ""] = args;
  if (verb.toUpperCase() === "LOAD") return scripts.remember(script);
  if (verb.toUpperCase() === "FLUSH") scripts.forget();
  return redis.call(name, ...args);
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function asCommand(value: unknown): Command {
  if (!Array.isArray(value)) throw new SyntaxError("expected an array");
  const [name, ...args] = value.map((part) =>
    typeof part === "string" ? part : JSON.stringify(part),
  );
  if (name === undefined) throw new SyntaxError("empty command");
  return [name, ...args];
}

function asCommands(value: unknown): Command[] {
  if (!Array.isArray(value)) throw new SyntaxError("expected an array of commands");
  return value.map(asCommand);
}

/** `Upstash-Encoding: base64`: strings of results are encoded, but for `OK`; errors are not. */
function encodeAnswer(body: unknown): unknown {
  if (Array.isArray(body)) return body.map(encodeAnswer);
  if (typeof body !== "object" || body === null || !("result" in body)) return body;
  return { result: encodeResult(body.result) };
}

function encodeResult(result: unknown): unknown {
  if (Array.isArray(result)) return result.map(encodeResult);
  if (typeof result !== "string" || result === "OK") return result;
  return Buffer.from(result).toString("base64");
}
