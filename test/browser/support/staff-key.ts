import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";

const SCOPES = ["catalog:write", "inventory:read", "inventory:write", "orders:read"];

const run = promisify(execFile);

/** An API key of the shop in this folder, made over the API by an admin whom its database knows. */
export async function makeStaffKey(url: string, folder: string): Promise<string> {
  const email = "admin@example.com";
  const password = "correct horse battery staple";
  await ask(url, "/auth/register", { email, password, name: "Admin" });
  await run("node_modules/.bin/wrangler", [
    ...["d1", "execute", "holdfast", "--local", "--persist-to", join(folder, "worker")],
    ...["--command", `UPDATE users SET role = 'admin' WHERE email = '${email}'`],
  ]);
  const { accessToken } = await ask(url, "/auth/login", { email, password });
  const { secret } = await ask(
    url,
    "/api-keys",
    { name: "Browser tests", scopes: SCOPES },
    String(accessToken),
  );
  return String(secret);
}

async function ask(
  url: string,
  path: string,
  body: object,
  token?: string,
): Promise<Readonly<Record<string, unknown>>> {
  const response = await fetch(`${url}/api/v1${path}`, {
    method: "POST",
    headers: {
      "Content-Type": "application/json",
      ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${path}: ${response.status} ${text}`);
  return (JSON.parse(text) as { data: Record<string, unknown> }).data; // the contract's envelope
}
