import { env, exports } from "cloudflare:workers";

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers field by field
  readonly body: any;
}

export interface Call {
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

/** One request to the Worker, as a guest. A string body is sent as it is. */
export async function call(
  method: string,
  path: string,
  { body, headers = {} }: Call = {},
): Promise<Answer> {
  const raw = typeof body === "string" ? body : body === undefined ? null : JSON.stringify(body);
  const response = await exports.default.fetch(`https://shop.test${path}`, {
    method,
    redirect: "manual",
    headers: { ...(body === undefined ? {} : { "Content-Type": "application/json" }), ...headers },
    ...(raw === null ? {} : { body: raw }),
  });
  const text = await response.text();
  const json = response.headers.get("Content-Type")?.startsWith("application/json") ?? false;
  return {
    status: response.status,
    headers: response.headers,
    text,
    body: json ? JSON.parse(text) : undefined,
  };
}

/** One request as staff. */
export function asAdmin(method: string, path: string, options: Call = {}): Promise<Answer> {
  const headers = { Authorization: `Bearer ${env.ADMIN_API_KEY}`, ...options.headers };
  return call(method, path, { ...options, headers });
}
