import { type Answer, call } from "./http.ts";

/** Sends a form as a browser without script does. */
export function sendForm(
  path: string,
  fields: Readonly<Record<string, string>>,
  headers: Readonly<Record<string, string>> = {},
  ask: typeof call = call,
): Promise<Answer> {
  return ask("POST", path, {
    headers: {
      "Content-Type": "application/x-www-form-urlencoded",
      Origin: "https://shop.test",
      "Sec-Fetch-Site": "same-origin",
      ...headers,
    },
    body: new URLSearchParams(fields).toString(),
  });
}

/** What the browser has after an answer: the cookies that it had, but for those that the answer has changed. */
export function cookiesAfter(answer: Answer, before = ""): string {
  const jar = new Map<string, string>();
  for (const pair of [...before.split("; "), ...answer.headers.getSetCookie()]) {
    const [name = "", ...value] = (pair.split(";")[0] ?? "").split("=");
    if (name !== "") jar.set(name, value.join("="));
  }
  return [...jar].map(([name, value]) => `${name}=${value}`).join("; ");
}

interface Sender {
  readonly headers?: Readonly<Record<string, string>>;
  readonly ask?: typeof call;
}

/** Sends a form that cannot be followed: it is answered with the way back to its page, and this is what that says then. */
export async function sendWrongForm(
  path: string,
  fields: Readonly<Record<string, string>>,
  { headers = {}, ask = call }: Sender = {},
): Promise<Answer & { readonly page: string }> {
  const sent = await sendForm(path, fields, headers, ask);
  const page = sent.headers.get("Location") ?? "";
  if (sent.status !== 303 || !page.startsWith("/")) throw new Error(`${sent.status} ${page}`);
  const cookie = cookiesAfter(sent, headers["Cookie"]);
  return { ...(await ask("GET", page, { headers: { ...headers, Cookie: cookie } })), page };
}
