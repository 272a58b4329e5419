import { type Answer, call } from "./http.ts";

/** Sends a form as a browser without script does. */
export function sendForm(
  path: string,
  fields: Readonly<Record<string, string>>,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  return call("POST", path, {
    headers: {
      "Content-Type": "application/x-www-form-urlencoded",
      Origin: "https://shop.test",
      "Sec-Fetch-Site": "same-origin",
      ...headers,
    },
    body: new URLSearchParams(fields).toString(),
  });
}
