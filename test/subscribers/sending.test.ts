import { describe, expect, it, vi } from "vitest";
import { pauseAfter } from "../../src/subscribers/sending/retry-schedule.ts";
import { asAdmin } from "../support/people.ts";
import { idleQueue } from "../support/queue.ts";
import { mails } from "../support/shop.ts";
import {
  behave,
  deliveriesOf,
  type Endpoint,
  failDns,
  makeEndpoint,
  received,
  setNames,
  settleDeliveries,
  verified,
} from "../support/subscribers.ts";
import { cron, rows, settle, travel, useWorld } from "../support/world.ts";

useWorld();

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const PATH = "/api/v1/webhook-endpoints";

/** Sends a test event and answers what its delivery looks like after its first try. */
async function tried(endpoint: Endpoint) {
  const { data } = (await asAdmin("POST", `${PATH}/${endpoint.id}/test`)).body;
  await settleDeliveries();
  return deliveryOf(endpoint, data.id);
}

async function deliveryOf(endpoint: Endpoint, id: string) {
  const { data } = (await deliveriesOf(endpoint)).body;
  return data.find((one: { id: string }) => one.id === id);
}

/** However busy the machine is. */
const PATIENCE = { timeout: 30_000 };

/** Lets time pass until a delivery is due, and has the sweep bring it. */
async function nextTry(endpoint: Endpoint, id: string) {
  const { nextAttemptAt, attempts } = await deliveryOf(endpoint, id);
  await travel(Date.parse(nextAttemptAt) - Date.now());
  await cron();
  await vi.waitUntil(async () => {
    const now = await deliveryOf(endpoint, id);
    return (
      now.status !== "pending" || now.attempts.length > attempts.length || attempts.length >= 20
    );
  }, PATIENCE);
  return deliveryOf(endpoint, id);
}

describe("A delivery", () => {
  it("is signed as Standard Webhooks says, and written down with status and latency", async () => {
    const endpoint = await makeEndpoint();
    const delivery = await tried(endpoint);
    const [sent, ...more] = await received(endpoint);
    expect(more).toEqual([]);
    if (sent === undefined) throw new Error("Nothing came.");
    const said = verified(sent, endpoint.secret);
    expect(said).toEqual({
      ...{ id: delivery.eventId, type: "webhook.test", sequence: 1 },
      ...{ timestamp: delivery.createdAt, data: { endpointId: endpoint.id } },
    });
    expect(sent).toMatchObject({ method: "POST", path: "/events" });
    expect(sent.headers["content-type"]).toBe("application/json");
    expect(delivery).toMatchObject({ status: "delivered", nextAttemptAt: null });
    expect(delivery.attempts).toEqual([
      { at: expect.any(String), status: 200, latencyMs: expect.any(Number), error: null },
    ]);
    expect(() => verified({ ...sent, body: `${sent.body} ` }, endpoint.secret)).toThrow();
  });

  it.each([
    [500, "It answered 500."],
    [410, "It answered 410."],
    [301, "A redirection is not followed: name the address that it leads to."],
    [307, "A redirection is not followed: name the address that it leads to."],
  ])("that is answered %d is tried again", async (status, error) => {
    const endpoint = await makeEndpoint();
    const elsewhere = await makeEndpoint();
    await behave(endpoint, { status, headers: { Location: elsewhere.url } });
    const delivery = await tried(endpoint);
    expect(delivery.status).toBe("pending");
    expect(delivery.attempts).toEqual([expect.objectContaining({ status, error })]);
    expect(await received(elsewhere)).toEqual([]);
    expect((await asAdmin("GET", `${PATH}/${endpoint.id}`)).body.data.failingSince).not.toBeNull();
    await behave(endpoint, { every: 1, status: 204 });
    const again = await nextTry(endpoint, delivery.id);
    expect(again).toMatchObject({ status: "delivered", attempts: [{ status: 204 }, { status }] });
    expect((await asAdmin("GET", `${PATH}/${endpoint.id}`)).body.data.failingSince).toBeNull();
  });

  it.each([
    ["a private address", { A: ["10.1.2.3"] }, "This host name leads to a private address."],
    [
      "one beside a public one",
      { A: ["1.1.1.1", "127.0.0.1"] },
      "This host name leads to a private address.",
    ],
    [
      "IPv6 alone",
      { A: ["1.1.1.1"], AAAA: ["fd00::1"] },
      "This host name leads to a private address.",
    ],
    [
      "IPv4 in IPv6",
      { AAAA: ["::ffff:192.168.0.1"] },
      "This host name leads to a private address.",
    ],
    ["nothing", {}, "There is no address for this host name."],
    ["no such name", null, "There is no address for this host name."],
  ])("whose host name leads to %s is not sent", async (_, records, error) => {
    const endpoint = await makeEndpoint();
    await setNames({ [endpoint.host]: records });
    const delivery = await tried(endpoint);
    expect(delivery).toMatchObject({ status: "pending", attempts: [{ status: null, error }] });
    expect(await received(endpoint)).toEqual([]);
    await setNames({ [endpoint.host]: { A: ["1.1.1.1"] } });
    expect(await nextTry(endpoint, delivery.id)).toMatchObject({ status: "delivered" });
  });

  it("whose host name cannot be looked up waits until it can", async () => {
    const endpoint = await makeEndpoint();
    await failDns(502);
    const delivery = await tried(endpoint);
    expect(delivery.attempts[0].error).toBe("The host name could not be looked up.");
    await failDns(null);
    expect(await nextTry(endpoint, delivery.id)).toMatchObject({ status: "delivered" });
  });

  it("that is not answered within ten seconds has its endpoint left alone for a minute", async () => {
    const [slow, quick] = [await makeEndpoint(), await makeEndpoint()];
    await behave(slow, { status: null });
    const waiting = tried(slow);
    await tried(quick);
    const delivery = await waiting;
    expect(delivery.attempts[0]).toMatchObject({
      status: null,
      error: "No answer within 10 seconds.",
    });
    await asAdmin("POST", `${PATH}/${slow.id}/test`);
    await cron();
    await tried(quick);
    expect(await received(slow)).toHaveLength(1);
    await behave(slow, { status: 200 });
    await travel(MINUTE_MS);
    await cron();
    await settleDeliveries();
    expect((await received(slow)).length).toBeGreaterThan(1);
  });

  it("is tried for more than a day, farther and farther apart, and then given up", async () => {
    const endpoint = await makeEndpoint();
    const healthy = "UPDATE webhook_endpoints SET failing_since = NULL, failed_at = NULL";
    await behave(endpoint, { status: 503 });
    let delivery = await tried(endpoint);
    const { id, createdAt } = delivery;
    let tries = 1;
    for (; delivery.status === "pending"; tries += 1) {
      await rows(healthy); // as it is where other events are taken
      delivery = await nextTry(endpoint, id);
    }
    expect(delivery.status).toBe("failed");
    expect(delivery.attempts).toHaveLength(tries);
    expect(Date.parse(delivery.doneAt) - Date.parse(createdAt)).toBeGreaterThan(4 * DAY_MS);
    await behave(endpoint, { status: 200 });
    expect(
      (await asAdmin("POST", `/api/v1/webhook-deliveries/${id}/redeliver`)).body.data,
    ).toMatchObject({
      status: "pending",
      doneAt: null,
    });
    await settleDeliveries();
    expect(await deliveryOf(endpoint, id)).toMatchObject({ status: "delivered" });
  });

  it("waits a little longer each time, as chance has it", () => {
    const pauses = Array.from({ length: 10 }, (_, i) => pauseAfter(i + 1, () => 0) ?? 0);
    expect(pauses).toEqual(pauses.toSorted((a, b) => a - b));
    expect(pauses.reduce((sum, one) => sum + one, 0)).toBeGreaterThan(3 * DAY_MS);
    expect(pauseAfter(1, () => 1)).toBe(1.25 * (pauses[0] ?? 0));
    expect(pauseAfter(11)).toBeUndefined();
  });
});

describe("An endpoint that takes nothing for three days", () => {
  it("is paused with a mail to the operators, keeps what comes, and gets it when it is active again", async () => {
    const endpoint = await makeEndpoint();
    await behave(endpoint, { status: 500 });
    const first = await tried(endpoint);
    let failing = first;
    const began = Date.now();
    while (Date.now() - began < 3 * DAY_MS) {
      await cron("*/5 * * * *");
      expect((await asAdmin("GET", `${PATH}/${endpoint.id}`)).body.data.status).toBe("active");
      failing = await nextTry(endpoint, first.id);
    }
    expect(failing.status).toBe("pending");
    await Promise.all([cron("*/5 * * * *"), cron("*/5 * * * *")]);
    await settle();
    expect((await asAdmin("GET", `${PATH}/${endpoint.id}`)).body.data.status).toBe("paused");
    const told = (await mails()).filter(({ subject }) => subject.includes("webhook endpoint"));
    expect(told).toHaveLength(1);
    expect(told[0]?.text).toContain(endpoint.id);
    expect(
      await rows("SELECT * FROM audit_log WHERE action = 'webhook_endpoint.paused'"),
    ).toHaveLength(1);

    await behave(endpoint, { status: 200 });
    const before = (await received(endpoint)).length;
    await asAdmin("POST", `${PATH}/${endpoint.id}/test`);
    await travel(2 * DAY_MS);
    await cron();
    await idleQueue();
    expect(await received(endpoint)).toHaveLength(before);
    const { data } = (
      await asAdmin("PATCH", `${PATH}/${endpoint.id}`, { body: { status: "active" } })
    ).body;
    expect(data).toMatchObject({ status: "active", failingSince: null });
    await cron();
    await vi.waitUntil(async () => (await received(endpoint)).length === before + 2, PATIENCE);
    await settleDeliveries();
    await cron("*/5 * * * *");
    expect((await asAdmin("GET", `${PATH}/${endpoint.id}`)).body.data.status).toBe("active");
  });
});

describe("The log of an endpoint", () => {
  it("is read by status, page by page", async () => {
    const endpoint = await makeEndpoint();
    for (let i = 0; i < 3; i += 1) await tried(endpoint);
    await behave(endpoint, { status: 500 });
    await tried(endpoint);
    const counted = async (query: string) => (await deliveriesOf(endpoint, query)).body;
    expect((await counted("?status=pending")).data).toHaveLength(1);
    const page = await counted("?status=delivered&pageSize=2&include=total");
    expect(page.meta).toMatchObject({ total: 3 });
    const rest = await counted(`?status=delivered&pageSize=2&cursor=${page.meta.nextCursor}`);
    expect(rest.data).toHaveLength(1);
    expect(rest.meta.nextCursor).toBeNull();
    const other = await makeEndpoint();
    expect((await deliveriesOf(other)).body.data).toEqual([]);
  });
});
