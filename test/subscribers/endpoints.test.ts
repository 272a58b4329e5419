import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { sealSecretsAgain } from "../../src/subscribers/index.ts";
import { makeKey, systemContext } from "../support/credentials.ts";
import { call } from "../support/http.ts";
import { as, asAdmin } from "../support/people.ts";
import { shopOver } from "../support/rig.ts";
import {
  deliveriesOf,
  makeEndpoint,
  received,
  settleDeliveries,
  verified,
} from "../support/subscribers.ts";
import { rows, travel, useWorld } from "../support/world.ts";

useWorld();

const HOUR_MS = 3_600_000;
const PATH = "/api/v1/webhook-endpoints";
const asKey = (secret: string, method: string, path: string, body?: object) =>
  as({ accessToken: secret }, method, path, body === undefined ? {} : { body });
const make = (url: string, events: readonly string[] = ["order.paid"]) =>
  asAdmin("POST", PATH, { body: { url, events } });

/** A test event, sent and taken in; answers how it came. */
async function test(endpoint: { readonly id: string; readonly host: string }) {
  expect((await asAdmin("POST", `${PATH}/${endpoint.id}/test`)).status).toBe(202);
  await settleDeliveries();
  const last = (await received(endpoint)).at(-1);
  if (last === undefined) throw new Error("Nothing came.");
  return last;
}

describe("An endpoint", () => {
  it("shows its secret once, and the database has it sealed", async () => {
    const { id, secret } = await makeEndpoint(["order.paid"]);
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    const shown = await asAdmin("GET", `${PATH}/${id}`);
    expect(shown.body.data).toMatchObject({ id, events: ["order.paid"], status: "active" });
    const everything = JSON.stringify([
      shown.text,
      (await asAdmin("GET", PATH)).text,
      await rows("SELECT * FROM webhook_secrets"),
      await rows("SELECT * FROM audit_log"),
      await rows("SELECT * FROM idempotency_keys"),
    ]);
    expect(everything).not.toContain(secret.slice("whsec_".length));
  });

  it("is made once for its key, with the same secret again", async () => {
    const body = { url: "https://hooks.subscriber.test/a", events: ["order.paid"] };
    const headers = { "Idempotency-Key": "one" };
    const first = await asAdmin("POST", PATH, { body, headers });
    const again = await asAdmin("POST", PATH, { body, headers });
    expect(first.headers.get("Location")).toBe(`${PATH}/${first.body.data.id}`);
    expect(again.text).toBe(first.text);
    expect(await rows("SELECT id FROM webhook_endpoints")).toHaveLength(1);
    expect(JSON.stringify(await rows("SELECT * FROM idempotency_keys"))).not.toContain("whsec_");
  });

  it.each([
    ["http://hooks.example.com/", "https"],
    ["ftp://hooks.example.com/", "https"],
    ["https://", "https"],
    ["https://ada:secret@hooks.example.com/", "password"],
    ["https://hooks.example.com/#part", "fragment"],
    ["https://hooks.example.com:8443/", "port"],
    ["https://127.0.0.1/", "IP address"],
    ["https://127.1/", "IP address"],
    ["https://2130706433/", "IP address"],
    ["https://0x7f000001/", "IP address"],
    ["https://0177.0.0.1/", "IP address"],
    ["https://127.0.0.1./", "IP address"],
    ["https://１２７.0.0.1/", "IP address"],
    ["https://10.0.0.5/", "IP address"],
    ["https://169.254.169.254/latest/meta-data", "IP address"],
    ["https://93.184.215.14/", "IP address"],
    ["https://[::1]/", "IP address"],
    ["https://[::ffff:10.0.0.1]/", "IP address"],
    ["https://[fd00::1]/", "IP address"],
    ["https://localhost/", "internet"],
    ["https://localhost../", "internet"],
    ["https://shop.local.../", "internet"],
    ["https://LOCALHOST./", "internet"],
    ["https://shop.localhost/", "internet"],
    ["https://printer.local/", "internet"],
    ["https://metadata.google.internal/", "internet"],
    ["https://warehouse/", "internet"],
    ["https://intranet.lan/", "internet"],
  ])("is refused at %s", async (url, why) => {
    const answer = await make(url);
    expect(answer.status).toBe(422);
    expect(JSON.stringify(answer.body.error.fields)).toContain(why);
    const { id } = await makeEndpoint();
    const changed = await asAdmin("PATCH", `${PATH}/${id}`, { body: { url } });
    expect(changed.status).toBe(422);
  });

  it("may be anywhere where the operator says so", async () => {
    const { config } = shopOver(env.DB).services;
    const webhooksOut = { dnsUrl: undefined, anywhere: true };
    const shop = shopOver(env.DB, { config: { ...config, webhooksOut } });
    const body = { url: "http://localhost:9000/hooks", events: ["order.paid"] };
    expect((await shop.asAdmin("POST", PATH, { body })).status).toBe(201);
    const named = { ...body, url: "http://ada:secret@localhost:9000/" };
    expect((await shop.asAdmin("POST", PATH, { body: named })).status).toBe(422);
  });

  it("takes only events that there are, each once", async () => {
    const url = "https://hooks.subscriber.test/";
    for (const events of [[], ["order.eaten"], ["order.paid", "order.paid"], ["webhook.test"]])
      expect((await make(url, events)).status).toBe(422);
  });

  it("is no way round a scope: a key has sent what it may read", async () => {
    const { secret } = await makeKey(["webhooks:write", "inventory:read"]);
    const url = "https://hooks.subscriber.test/";
    const wanted = (events: readonly string[]) => asKey(secret, "POST", PATH, { url, events });
    expect((await wanted(["order.paid"])).status).toBe(403);
    expect((await wanted(["inventory.low", "order.refunded"])).status).toBe(403);
    const made = await wanted(["inventory.low"]);
    expect(made.status).toBe(201);
    const own = `${PATH}/${made.body.data.id}`;
    expect((await asKey(secret, "PATCH", own, { events: ["order.paid"] })).status).toBe(403);
    const { id } = await makeEndpoint(["order.paid"]);
    expect((await asKey(secret, "PATCH", `${PATH}/${id}`, { url })).status).toBe(403);
    expect((await asKey(secret, "PATCH", `${PATH}/${id}`, { status: "paused" })).status).toBe(200);
    const rotated = `${PATH}/${id}/rotate-secret`;
    expect((await asKey(secret, "POST", rotated)).status).toBe(403);
    const whole = await makeKey(["webhooks:write", "orders:read"]);
    expect((await asKey(whole.secret, "POST", rotated)).status).toBe(200);
    expect((await asKey(whole.secret, "PATCH", `${PATH}/${id}`, { url })).status).toBe(200);
    expect(await rows("SELECT events FROM webhook_endpoints WHERE id = ?", id)).toEqual([
      { events: '["order.paid"]' },
    ]);
  });

  it("is one of ten at most, however many ask at once", async () => {
    for (let i = 0; i < 8; i += 1) await makeEndpoint();
    const url = "https://hooks.subscriber.test/";
    const answers = await Promise.all([1, 2, 3, 4].map(() => make(url)));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 201, 422, 422]);
    expect((await asAdmin("GET", `${PATH}?include=total`)).body.meta.total).toBe(10);
  });

  it("is changed by who has seen it as it is", async () => {
    const { id } = await makeEndpoint();
    const path = `${PATH}/${id}`;
    const tag = (await asAdmin("GET", path)).headers.get("ETag") ?? "";
    const change = (body: object) => asAdmin("PATCH", path, { body, headers: { "If-Match": tag } });
    const changed = await change({ events: ["order.paid"] });
    expect(changed.body.data.events).toEqual(["order.paid"]);
    expect((await change({ status: "paused" })).status).toBe(412);
    const now = { "If-Match": changed.headers.get("ETag") ?? "" };
    expect((await asAdmin("DELETE", path, { headers: { "If-Match": tag } })).status).toBe(412);
    expect((await asAdmin("DELETE", path, { headers: now })).status).toBe(204);
    for (const method of ["GET", "DELETE"]) expect((await asAdmin(method, path)).status).toBe(404);
    expect((await asAdmin("PATCH", path, { body: {} })).status).toBe(404);
    expect(await rows("SELECT * FROM webhook_secrets")).toEqual([]);
    const lines = await rows<{ action: string }>("SELECT action FROM audit_log ORDER BY id");
    expect(lines.map(({ action }) => action)).toEqual(
      expect.arrayContaining([
        "webhook_endpoint.created",
        "webhook_endpoint.updated",
        "webhook_endpoint.deleted",
      ]),
    );
    expect(lines.filter(({ action }) => action === "webhook_endpoint.updated")).toHaveLength(1);
    expect(lines.filter(({ action }) => action === "webhook_endpoint.deleted")).toHaveLength(1);
  });

  it("that is not there has nothing to test, rotate, list or send again", async () => {
    const at = `${PATH}/wep_none`;
    for (const path of [`${at}/test`, `${at}/rotate-secret`]) {
      expect((await asAdmin("POST", path)).status).toBe(404);
    }
    expect((await asAdmin("GET", `${at}/deliveries`)).status).toBe(404);
    expect((await asAdmin("POST", "/api/v1/webhook-deliveries/dlv_none/redeliver")).status).toBe(
      404,
    );
    const endpoint = await makeEndpoint();
    await test(endpoint);
    const [delivery] = (await deliveriesOf(endpoint)).body.data;
    await asAdmin("DELETE", `${PATH}/${endpoint.id}`);
    expect((await deliveriesOf(endpoint, "?include=total")).status).toBe(404);
    const path = `/api/v1/webhook-deliveries/${delivery.id}/redeliver`;
    expect((await asAdmin("POST", path)).status).toBe(404);
    expect((await call("POST", path)).status).toBe(401);
  });
});

describe("The secret of an endpoint", () => {
  it("is rotated, and both sign for 24 hours", async () => {
    const endpoint = await makeEndpoint();
    const before = endpoint.secret;
    const { data } = (await asAdmin("POST", `${PATH}/${endpoint.id}/rotate-secret`)).body;
    expect(Date.parse(data.previousUntil)).toBe(Date.now() + 24 * HOUR_MS);
    const first = await test(endpoint);
    expect(verified(first, before).type).toBe("webhook.test");
    expect(verified(first, data.secret).type).toBe("webhook.test");
    await travel(24 * HOUR_MS - 1000);
    verified(await test(endpoint), before);
    await travel(1000);
    const last = await test(endpoint);
    expect(() => verified(last, before)).toThrow("No matching signature");
    expect(verified(last, data.secret).id).toBe(last.headers["webhook-id"]);
  });

  it("is good for its 24 hours also when there is another, and another", async () => {
    const endpoint = await makeEndpoint();
    const secrets = [endpoint.secret];
    const rotate = () => asAdmin("POST", `${PATH}/${endpoint.id}/rotate-secret`);
    for (let i = 0; i < 4; i += 1) secrets.push((await rotate()).body.data.secret);
    const sent = await test(endpoint);
    for (const secret of secrets) verified(sent, secret);
    expect((await rotate()).status).toBe(422);
    await travel(24 * HOUR_MS);
    expect((await rotate()).status).toBe(200);
    expect(await rows("SELECT id FROM webhook_secrets")).toHaveLength(2);
  });

  it("outlives a change of TOKEN_SECRET, and is sealed with the new one", async () => {
    const endpoint = await makeEndpoint();
    const ctx = systemContext();
    const { tokenSecret } = ctx.config;
    const anew = { ...ctx.config, tokenSecret: "n".repeat(40), previousTokenSecret: tokenSecret };
    expect(await sealSecretsAgain({ ...ctx, config: anew })).toEqual({ sealedAgain: 1 });
    expect(await sealSecretsAgain({ ...ctx, config: anew })).toEqual({ sealedAgain: 0 });
    // The shop that has neither cannot sign, and says so in the log.
    await test(endpoint).catch(() => undefined);
    const [delivery] = (await deliveriesOf(endpoint)).body.data;
    expect(delivery.attempts[0]).toMatchObject({
      status: null,
      error: expect.stringMatching("rotate"),
    });
    const back = { ...ctx.config, previousTokenSecret: "n".repeat(40) };
    expect(await sealSecretsAgain({ ...ctx, config: back })).toEqual({ sealedAgain: 1 });
    verified(await test(endpoint), endpoint.secret);
  });
});
