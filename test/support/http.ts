import { exports } from "cloudflare:workers";
import { checkContract } from "./contract.ts";
import type { Json } from "./json.ts";

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: Json;
}

export interface Call {
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

const NEEDS_KEY = /\/(movements|fulfillments)$/;

/** A new key for what is not done without one, as whoever means it once sends it. */
export function newKeyWhereNeeded(method: string, path: string): Record<string, string> {
  const needed = method === "POST" && NEEDS_KEY.test(path);
  return needed ? { "Idempotency-Key": crypto.randomUUID() } : {};
}

const JSON_BODY = { "Content-Type": "application/json" };

type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** One request as a guest to whatever `fetch` reaches, held against the OpenAPI document. A string, stream or form is sent as it is. */
export async function ask(
  fetch: Fetch,
  [method, path]: readonly [string, string],
  { body, headers = {} }: Call = {},
): Promise<Answer> {
  const raw = toBody(body);
  const response = await fetch(`https://shop.test${path}`, {
    method,
    redirect: "manual",
    headers: { ...(raw === null || raw instanceof FormData ? {} : JSON_BODY), ...headers },
    ...(raw === null ? {} : { body: raw }),
  });
  const text = await response.text();
  const json = response.headers.get("Content-Type")?.startsWith("application/json") ?? false;
  const answer = {
    status: response.status,
    headers: response.headers,
    text,
    body: json && text !== "" ? JSON.parse(text) : undefined,
  };
  await checkContract(method, path, answer);
  return answer;
}

function toBody(body: unknown): BodyInit | null {
  if (body === undefined) return null;
  if (typeof body === "string" || body instanceof ReadableStream) return body;
  return body instanceof FormData ? body : JSON.stringify(body);
}

/** One request to the Worker, as a guest. A string body is sent as it is. */
export function call(method: string, path: string, options: Call = {}): Promise<Answer> {
  return ask((url, init) => exports.default.fetch(url, init), [method, path], options);
}
