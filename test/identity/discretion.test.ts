import { describe, expect, it } from "vitest";
import { makeKey } from "../support/credentials.ts";
import { call } from "../support/http.ts";
import { mailedToken } from "../support/mailbox.ts";
import { as, asAdmin, PASSWORD, type Person, theAdmin, verifyAs } from "../support/people.ts";
import { brokenDatabase, logOf, shopOver } from "../support/rig.ts";
import { cron, settle, travel, useWorld } from "../support/world.ts";

useWorld();

const EMAIL = "very.private@example.org";
const NEW_PASSWORD = "purple lamp under seven seas";

/** A life with an account; answers every secret that it has shown. */
async function live(): Promise<string[]> {
  const secrets = [
    EMAIL,
    EMAIL.toUpperCase(),
    "very.private",
    PASSWORD,
    NEW_PASSWORD,
    "Private Name",
  ];
  const remember = (answer: { body: { data: object } }) => {
    const { accessToken, refreshToken, secret } = answer.body.data as Record<string, string>;
    secrets.push(...[accessToken, refreshToken, secret].filter((one) => one !== undefined));
    return answer.body.data as unknown as Person;
  };
  const post = (path: string, body: object) => call("POST", `/api/v1/auth${path}`, { body });
  const device = { "User-Agent": "Private Browser 7" };
  const registered = remember(
    await post("/register", { email: EMAIL, password: PASSWORD, name: "Private Name" }),
  );
  await post("/register", { email: EMAIL, password: PASSWORD, name: "Private Name" });
  await post("/login", { email: EMAIL.toUpperCase(), password: "wrong horse battery staple" });
  const body = { email: EMAIL, password: PASSWORD };
  const { accessToken } = remember(
    await call("POST", "/api/v1/auth/login", { body, headers: device }),
  );
  remember(await post("/refresh", { refreshToken: registered.refreshToken }));
  await travel(11_000);
  await post("/refresh", { refreshToken: registered.refreshToken });
  const verification = await mailedToken(EMAIL, "/verify-email");
  expect((await verifyAs({ accessToken }, verification)).status).toBe(204);
  await verifyAs({ accessToken }, `${verification}x`);
  await post("/email/verify", { token: verification });
  await as({ accessToken }, "PATCH", "/api/v1/me", {
    body: { password: NEW_PASSWORD, currentPassword: PASSWORD },
  });
  await post("/password/forgot", { email: EMAIL });
  const reset = await mailedToken(EMAIL, "/reset-password");
  expect((await post("/password/reset", { token: reset, password: PASSWORD })).status).toBe(204);
  await post("/password/reset", { token: reset, password: "password1234" });
  const key = remember(
    await asAdmin("POST", "/api/v1/api-keys", {
      body: { name: "Private Key", scopes: ["identity:read"] },
    }),
  );
  secrets.push(verification, reset, "Private Key", (await makeKey(["orders:read"])).secret);
  await as(
    { accessToken: String(secrets.find((one) => one.startsWith("hf_"))) },
    "GET",
    "/api/v1/users",
  );
  await call("GET", `/api/v1/orders?email=${EMAIL}`, {
    headers: { Authorization: `Bearer ${accessToken}x` },
  });
  await as({ accessToken }, "DELETE", `/api/v1/auth/sessions/${registered.refreshToken}`);
  await call("GET", `/api/v1/orders/${encodeURIComponent(EMAIL)}`);
  await call("GET", `/api/v1/${accessToken}`);
  await asAdmin("DELETE", `/api/v1/api-keys/${key.id}`);
  await settle();
  await cron();
  await cron("*/5 * * * *");
  secrets.push((await theAdmin()).accessToken);
  return secrets;
}

describe("The log", () => {
  it("of a life with an account holds no password, token, key, name or address", async () => {
    let secrets: string[] = [];
    const { lines, text } = await logOf(async () => {
      secrets = await live();
    });
    expect(lines.length).toBeGreaterThan(25);
    expect(new Set(secrets).size).toBeGreaterThan(14);
    for (const secret of secrets) {
      expect(text).not.toContain(secret);
      expect(text).not.toContain(encodeURIComponent(secret));
    }
    expect(text).not.toMatch(/argon2id|"d":/);
  });

  it("of a database that fails in the middle of it holds none either", async () => {
    const shop = shopOver(
      brokenDatabase(
        `no such column: ${EMAIL} rt_abcdefghijklmnop link_abcdefghijklmnop etk_01abc.SIGNATURE_of-it`,
      ),
    );
    const { text } = await logOf(async () => {
      for (const [path, body] of [
        ["/register", { email: EMAIL, password: PASSWORD, name: "Private Name" }],
        ["/login", { email: EMAIL, password: PASSWORD }],
        ["/refresh", { refreshToken: "rt_abcdefghijklmnop" }],
        ["/password/forgot", { email: EMAIL }],
      ] as const)
        expect((await shop.call("POST", `/api/v1/auth${path}`, { body })).status).toBe(500);
    });
    expect(text).not.toMatch(/very\.private|abcdefghijklmnop|SIGNATURE|correct horse|Private Name/);
  });
});
