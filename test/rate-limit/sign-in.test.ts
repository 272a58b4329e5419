import { describe, expect, it } from "vitest";
import { itStopsGuessing } from "../support/brute-force.ts";
import {
  everywhere,
  from,
  limitedShop,
  newAddress,
  registerFrom,
  repeat,
  signIn,
} from "../support/limits.ts";
import { PASSWORD } from "../support/people.ts";
import { rows, travel, useWorld } from "../support/world.ts";

useWorld();

const WINDOW_MS = 15 * 60_000;

describe("Without Redis, the shop", () => {
  itStopsGuessing(() => limitedShop());
});

describe("The headers of a sign-in", () => {
  it("name every limit, and keep to themselves what others have tried on the account", async () => {
    const { headers } = await signIn(limitedShop(), "ada@example.com", { address: newAddress() });
    expect(headers.get("RateLimit-Policy")).toBe(
      '"default";q=100;w=60, "sign-in";q=10;w=900, "account";q=10;w=900, "account-anywhere";q=100;w=900',
    );
    expect(headers.get("RateLimit")).toMatch(
      /^"default";r=99;t=\d+, "sign-in";r=9;t=\d+, "account";r=9;t=\d+$/,
    );
  });
});

describe("Whoever has signed in from a network lately", () => {
  it("is let in from there however many networks they came from before, while strangers have to wait", async () => {
    const bindings = everywhere({
      limit: async ({ key }) => ({ success: !key.startsWith("account-anywhere:") }),
    });
    const shop = limitedShop({ bindings });
    const email = "ada@example.com";
    await registerFrom(shop, email, newAddress());
    const home = newAddress();
    await rows(
      `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60)
       INSERT INTO sessions (id, user_id, kind, user_agent, address, created_at, last_used_at, expires_at)
       SELECT 'ses_' || i, id, 'token', '', iif(i = 60, ?1, '192.0.' || i || '.1'), i, i, i FROM n, users`,
      home,
    );
    expect((await signIn(shop, email, { address: newAddress() })).status).toBe(429);
    expect((await signIn(shop, email, { address: home })).status).toBe(200);
  });
});

describe("Whoever had to wait", () => {
  it("can try again after 15 minutes", async () => {
    const shop = limitedShop();
    const address = newAddress();
    const email = "ada@example.com";
    await registerFrom(shop, email, newAddress());
    await repeat(10, () => signIn(shop, email, { address, password: "a wrong guess at it" }));
    const { status, headers } = await signIn(shop, email, { address });
    expect(status).toBe(429);
    await travel(Number(headers.get("Retry-After")) * 1000);
    expect((await signIn(shop, email, { address })).status).toBe(200);
    expect(Number(headers.get("Retry-After"))).toBeLessThanOrEqual(WINDOW_MS / 1000);
  });
});

describe("What takes a password or makes a mail", () => {
  const cases: [string, string, (i: number) => object][] = [
    ["POST", "/auth/login", (i) => ({ email: `a${i}@example.com`, password: "wrong" })],
    [
      "POST",
      "/auth/register",
      (i) => ({ email: `b${i}@example.com`, password: PASSWORD, name: "A" }),
    ],
    ["POST", "/auth/password/forgot", (i) => ({ email: `c${i}@example.com` })],
    ["POST", "/auth/password/reset", () => ({ token: "etk_1.no", password: PASSWORD })],
  ];
  for (const [method, path, bodyOf] of cases) {
    it(`is limited to ten by an address: ${method} ${path}`, async () => {
      const shop = limitedShop();
      const headers = from(newAddress());
      const statuses = await repeat(12, (i) =>
        shop.call(method, `/api/v1${path}`, { body: bodyOf(i), headers }),
      );
      expect(statuses[429]).toBe(2);
    });
  }

  it("counts together, whatever it is", async () => {
    const shop = limitedShop();
    const headers = from(newAddress());
    for (const [method, path, bodyOf] of [...cases, ...cases, ...cases].slice(0, 10))
      await shop.call(method, `/api/v1${path}`, { body: bodyOf(50), headers });
    const body = { email: "a@example.com", password: "wrong" };
    expect((await shop.call("POST", "/api/v1/auth/login", { body, headers })).status).toBe(429);
  });

  it("fills no mailbox with more than ten mails, wherever it is asked for", async () => {
    const shop = limitedShop();
    const statuses = await repeat(12, () =>
      shop.call("POST", "/api/v1/auth/password/forgot", {
        body: { email: "ada@example.com" },
        headers: from(newAddress()),
      }),
    );
    expect(statuses).toEqual({ 202: 10, 429: 2 });
  });

  it("is limited for somebody with a stolen access token, too", async () => {
    const shop = limitedShop();
    const { body } = await registerFrom(shop, "ada@example.com", newAddress());
    const Authorization = `Bearer ${body.data.accessToken}`;
    const address = newAddress();
    const guess = () =>
      shop.call("PATCH", "/api/v1/me", {
        body: { password: "another good passphrase", currentPassword: "a guess" },
        headers: from(address, { Authorization }),
      });
    expect(await repeat(12, guess)).toEqual({ 422: 10, 429: 2 });
    const resend = () =>
      shop.call("POST", "/api/v1/auth/email/resend", {
        headers: from(newAddress(), { Authorization }),
      });
    expect(await repeat(12, resend)).toEqual({ 202: 10, 429: 2 });
  });
});
