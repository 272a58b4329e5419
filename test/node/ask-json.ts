import type { Json } from "../support/json.ts";

interface Asking {
  readonly body?: object | undefined;
  readonly headers?: Record<string, string>;
}

/** One request over HTTP; answers the fields of its JSON, and its status. */
export async function askJson(
  method: string,
  url: string,
  { body, headers = {} }: Asking = {},
): Promise<Json> {
  const response = await fetch(url, {
    method,
    headers: { ...(body === undefined ? {} : { "Content-Type": "application/json" }), ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { ...(text === "" ? {} : JSON.parse(text)), status: response.status };
}
