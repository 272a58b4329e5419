import type { Json } from "../../support/json.ts";
import { SECRETS } from "./variables.ts";

export interface Call {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Which process answers; the first unless given. */
  readonly process?: number;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: Json;
}

/** For people. */
export function describeAnswer({ status, body, text }: Answer): string {
  const { code, message } = body?.error ?? {};
  return `${status} ${code === undefined ? text.slice(0, 200) : `${code} ${message}`}`;
}

const JSON_BODY = { "Content-Type": "application/json" };
const toBody = (body: unknown) =>
  typeof body === "string" || body instanceof FormData ? body : JSON.stringify(body);

export function toRequest(method: string, path: string, { body, headers = {} }: Call): Request {
  return new Request(`${SECRETS.PUBLIC_URL}${path}`, {
    method,
    headers: { ...(body === undefined || body instanceof FormData ? {} : JSON_BODY), ...headers },
    ...(body === undefined ? {} : { body: toBody(body) }),
  });
}

export async function toAnswer(response: Response): Promise<Answer> {
  const text = await response.text();
  const json = response.headers.get("Content-Type")?.startsWith("application/json") ?? false;
  return {
    status: response.status,
    headers: response.headers,
    text,
    body: json && text !== "" ? JSON.parse(text) : undefined,
  };
}
