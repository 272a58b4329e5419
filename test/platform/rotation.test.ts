import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { KeyRing, sealKeysAgain } from "../../src/identity/index.ts";
import { secretId } from "../../src/platform/token-secrets.ts";
import { runSchedule } from "../../src/schedules.ts";
import { createContext, servicesOf } from "../../src/services.ts";
import { sell } from "../support/after-sale.ts";
import { makeKey } from "../support/credentials.ts";
import { type Answer, type Call, call } from "../support/http.ts";
import { mailedToken } from "../support/mailbox.ts";
import { PASSWORD, registerPerson } from "../support/people.ts";
import { logOf, type Rig, shopOver } from "../support/rig.ts";
import { checkoutBody, level, makeSku } from "../support/shop.ts";
import { cron, rows, travel, useWorld } from "../support/world.ts";

useWorld();

const OLD = servicesOf(env).config.tokenSecret;
const NEW = "rotated-token-secret-00000000000000000000";
const OTHER = "another-token-secret-00000000000000000000";
const DAY_MS = 24 * 3_600_000;

/** An isolate that has these secrets, and has read nothing yet. */
function isolate(tokenSecret: string, previousTokenSecret?: string): Rig {
  const config = { ...servicesOf(env).config, tokenSecret, previousTokenSecret };
  return shopOver(env.DB, { config, keys: new KeyRing() });
}

const keyed = (key: string, headers: Record<string, string> = {}) => ({
  headers: { "Idempotency-Key": key, ...headers },
});
const replayed = ({ headers }: Answer) => headers.get("Idempotency-Replayed");

/** Everything that the old secret has made, and how it is used. */
async function whatThereIs() {
  const person = await registerPerson();
  const verification = await mailedToken(person.email, "/verify-email");
  await call("POST", "/api/v1/auth/password/forgot", { body: { email: person.email } });
  const reset = await mailedToken(person.email, "/reset-password");
  const items = [{ sku: await makeSku(9), quantity: 1 }];
  const sold = await sell([{ amount: 2500, quantity: 2 }]);
  const program = await makeKey(["orders:write"]);
  const requests = {
    checkout: ["/api/v1/checkouts", { ...keyed("checkout"), body: checkoutBody({ items }) }],
    reservation: ["/api/v1/reservations", { ...keyed("hold"), body: { items } }],
    refund: [
      `/api/v1/orders/${sold.orderId}/refunds`,
      {
        ...keyed("refund", { Authorization: `Bearer ${program.secret}` }),
        body: { amount: { amount: 100, currency: "USD" } },
      },
    ],
  } as const satisfies Record<string, readonly [string, Call]>;
  const send = (shop: Pick<Rig, "call">, name: keyof typeof requests, other?: object) => {
    const [path, options] = requests[name];
    return shop.call("POST", path, other === undefined ? options : { ...options, body: other });
  };
  return { person, verification, reset, sold, items, send };
}

type Things = Awaited<ReturnType<typeof whatThereIs>>;
const REQUESTS = ["checkout", "reservation", "refund"] as const;

const logIn = (shop: Rig, { person }: Things, password = PASSWORD) =>
  shop.call("POST", "/api/v1/auth/login", { body: { email: person.email, password } });
const readOrder = (shop: Rig, { orderId, orderToken }: Things["sold"]) =>
  shop.call("GET", `/api/v1/orders/${orderId}`, { headers: { "X-Order-Token": orderToken } });
/** As the user whose link it is, signed in. */
const useLink = (
  shop: Rig,
  { person }: Things,
  page: "password/reset" | "email/verify",
  body: object,
) =>
  shop.call("POST", `/api/v1/auth/${page}`, {
    headers: { Authorization: `Bearer ${person.accessToken}` },
    body,
  });
const whoAmI = (shop: Rig, accessToken: string) =>
  shop.call("GET", "/api/v1/me", { headers: { Authorization: `Bearer ${accessToken}` } });

/** The ids of the secrets that the signing keys are sealed with. */
async function sealedWith(): Promise<string[]> {
  const keys = await rows<{ sealed: string }>(
    "SELECT sealed_private_jwk AS sealed FROM signing_keys",
  );
  return [...new Set(keys.map(({ sealed }) => sealed.split(".")[0] ?? ""))];
}

async function everyFiveMinutes({ services }: Rig) {
  const actor = { kind: "system", label: "system", address: "" } as const;
  const scope = { requestId: "cron", actor, later: () => undefined, log: {} };
  return sealKeysAgain(createContext(services, scope));
}

describe("A rotation of TOKEN_SECRET", () => {
  it("keeps working what the secret before has made, as long as the shop has both", async () => {
    const things = await whatThereIs();
    const before: Record<string, Answer> = {};
    for (const name of REQUESTS) before[name] = await things.send({ call }, name);
    const both = isolate(NEW, OLD);

    for (const name of REQUESTS) {
      const again = await things.send(both, name);
      expect([again.status, again.text]).toEqual([before[name]?.status, before[name]?.text]);
      expect(replayed(again)).toBe("true");
      const other = await things.send(both, name, checkoutBody({ items: [] }));
      expect(other.status).toBe(422);
    }
    expect(await rows("SELECT id FROM refunds")).toHaveLength(1);
    expect(await level(things.items[0]?.sku ?? "")).toMatchObject({ reserved: 2 });
    expect((await readOrder(both, things.sold)).status).toBe(200);
    expect((await whoAmI(both, things.person.accessToken)).status).toBe(200);
    const entered = await logIn(both, things);
    expect(entered.status).toBe(200);
    expect((await whoAmI(both, entered.body.data.accessToken)).status).toBe(200);
    const verified = await useLink(both, things, "email/verify", { token: things.verification });
    expect(verified.status).toBe(204);
    const password = "purple lamp under seven seas";
    const set = await useLink(both, things, "password/reset", { token: things.reset, password });
    expect(set.status).toBe(204);
    expect((await logIn(both, things, password)).status).toBe(200);
  });

  it("refuses another request under a key of before, also while the shop has both", async () => {
    const things = await whatThereIs();
    await things.send({ call }, "reservation");
    const body = { items: things.items.map((item) => ({ ...item, quantity: 2 })) };
    const other = await things.send(isolate(NEW, OLD), "reservation", body);
    expect(other.body.error.code).toBe("IDEMPOTENCY_KEY_REUSED");
    expect(await level(things.items[0]?.sku ?? "")).toMatchObject({ reserved: 1 });
  });

  it("does a request once that comes to isolates with the old and the new secret at once", async () => {
    const things = await whatThereIs();
    const isolates = [isolate(NEW, OLD), isolate(OLD, NEW)];
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, i) => things.send(isolates[i % 2] as Rig, "reservation")),
    );
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(await level(things.items[0]?.sku ?? "")).toMatchObject({ reserved: 1 });
  });

  it("knows a guest's request of before also when it comes from another network", async () => {
    const { items } = await whatThereIs();
    const from = (shop: Pick<Rig, "call">, address: string) =>
      shop.call("POST", "/api/v1/reservations", {
        ...keyed("hold", { "CF-Connecting-IP": address }),
        body: { items },
      });
    const before = await from({ call }, "203.0.113.7");
    const after = await from(isolate(NEW, OLD), "198.51.100.9");
    expect([after.text, replayed(after)]).toEqual([before.text, "true"]);
    expect(await level(items[0]?.sku ?? "")).toMatchObject({ reserved: 1 });
  });

  it("goes on with a checkout that was begun before", async () => {
    const things = await whatThereIs();
    const before = await things.send({ call }, "checkout");
    await rows(
      "UPDATE idempotency_keys SET status = NULL, body = NULL, locked_until = 0 WHERE subject = ?",
      before.body.data.orderId,
    );
    const both = isolate(NEW, OLD);
    const after = await things.send(both, "checkout");
    expect([after.status, after.body.data.orderId]).toEqual([201, before.body.data.orderId]);
    expect((await readOrder(both, after.body.data)).status).toBe(200);
    expect((await things.send(both, "checkout")).text).toBe(after.text);
  });

  it("seals the signing keys again within five minutes, so that the old secret can go", async () => {
    const things = await whatThereIs();
    expect(await sealedWith()).toEqual([await secretId(OLD)]);
    const both = isolate(NEW, OLD);
    const entered = await logIn(both, things);
    expect(await everyFiveMinutes(both)).toEqual({ sealedAgain: 2, replaced: 0 });
    expect(await sealedWith()).toEqual([await secretId(NEW)]);
    expect(await everyFiveMinutes(both)).toEqual({ sealedAgain: 0, replaced: 0 });

    const after = isolate(NEW);
    expect((await logIn(after, things)).status).toBe(200);
    for (const { accessToken } of [things.person, entered.body.data])
      expect((await whoAmI(after, accessToken)).status).toBe(200);
    expect(await rows("SELECT kid FROM signing_keys")).toHaveLength(2);
  });

  it("ends what the old secret has made once it is gone, and nothing of it is a 500", async () => {
    const things = await whatThereIs();
    for (const name of REQUESTS) await things.send({ call }, name);
    const both = isolate(NEW, OLD);
    const fresh = await both.call("POST", "/api/v1/checkouts", {
      ...keyed("another"),
      body: checkoutBody({ items: things.items }),
    });
    await runSchedule("*/5 * * * *", both.services, () => undefined);
    expect(await sealedWith()).toEqual([await secretId(NEW)]);
    const after = isolate(NEW);

    expect((await readOrder(after, things.sold)).status).toBe(404);
    expect((await readOrder(after, fresh.body.data)).status).toBe(200);
    const links = { "email/verify": things.verification, "password/reset": things.reset } as const;
    for (const [page, token] of Object.entries(links) as [keyof typeof links, string][]) {
      const said = await useLink(after, things, page, { token, password: PASSWORD });
      expect(said.status).toBe(422);
    }
    const refund = await things.send(after, "refund");
    expect([refund.status, refund.body.error.code]).toEqual([422, "IDEMPOTENCY_KEY_REUSED"]);
    expect(refund.text).not.toContain("new key");
    expect(await rows("SELECT id FROM refunds")).toHaveLength(1);
    await travel(DAY_MS);
    await cron();
    expect((await things.send(after, "refund")).status).toBe(201);
  });
});

describe("A TOKEN_SECRET that was changed without keeping the old one", () => {
  it("keeps nobody from signing in, and leaves their tokens of before as they are", async () => {
    const things = await whatThereIs();
    const after = isolate(OTHER);
    await logOf(async () => {
      const entered = await logIn(after, things);
      expect(entered.status).toBe(200);
      for (const { accessToken } of [things.person, entered.body.data])
        expect((await whoAmI(after, accessToken)).status).toBe(200);
      expect(await everyFiveMinutes(after)).toEqual({ sealedAgain: 0, replaced: 0 });
    });
    const keys = await rows("SELECT status FROM signing_keys ORDER BY status");
    expect(keys).toEqual([{ status: "current" }, { status: "next" }, { status: "retired" }]);
  });

  it("has one new signing key, however many sign in at once", async () => {
    const things = await whatThereIs();
    await logOf(async () => {
      const answers = await Promise.all(
        Array.from({ length: 4 }, () => logIn(isolate(OTHER), things)),
      );
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    });
    expect(await rows("SELECT kid FROM signing_keys WHERE status = 'current'")).toHaveLength(1);
    expect(await rows("SELECT kid FROM signing_keys")).toHaveLength(3);
  });

  it("has a successor for the key alone that was sealed with it", async () => {
    const things = await whatThereIs();
    await rows(
      `UPDATE signing_keys SET sealed_private_jwk = 'gone.' || sealed_private_jwk WHERE status = 'next'`,
    );
    const [next] = await rows<{ kid: string }>(
      "SELECT kid FROM signing_keys WHERE status = 'next'",
    );
    const shop = isolate(OLD);
    await logOf(async () => {
      expect(await everyFiveMinutes(shop)).toEqual({ sealedAgain: 0, replaced: 1 });
    });
    expect((await logIn(shop, things)).status).toBe(200);
    expect(await rows("SELECT kid FROM signing_keys WHERE kid = ?", next?.kid)).toEqual([]);
    expect(await rows("SELECT kid FROM signing_keys")).toHaveLength(2);
  });
});
