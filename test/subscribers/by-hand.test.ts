import { describe, expect, it } from "vitest";
import {
  byHand,
  HELD,
  insert,
  mustBe,
  ORDERED,
  PAID,
  SHOP,
  useEmptyShop,
} from "../support/by-hand.ts";

useEmptyShop();

const DAY = 24 * 60 * 60_000;
const clock = (now: number) => `UPDATE retention_clock SET now = ${now + 1}`;
const endpoint = (events: readonly string[], said: object = {}) =>
  insert("webhook_endpoints", { events: JSON.stringify(events), ...said });
const told = (where: string, count = 1) =>
  mustBe(`(SELECT count(*) FROM outgoing_events WHERE ${where}) = ${count}`);
const delivered = (count: number) => mustBe(`(SELECT count(*) FROM webhook_deliveries) = ${count}`);
const happens = (type: string, seq = 1) => insert("order_events", { type, seq });

describe("What happens to an order, whoever writes it down,", () => {
  it.each([
    ["order.paid", "order.paid"],
    ["order.canceled", "order.canceled"],
    ["order.fulfilled", "order.fulfilled"],
    ["refund.succeeded", "order.refunded"],
  ])("%s is told as %s", async (type, name) => {
    const where = `type = '${name}' AND subject = 'ord_1' AND sequence = 7`;
    const before = [...PAID, endpoint([name]), happens(type, 7)];
    expect(await byHand(...before, told(where), delivered(1))).toBe("taken");
  });

  it("is told of nothing else, to nobody who has not asked", async () => {
    const all = ["order.paid", "order.canceled", "order.fulfilled", "order.refunded"];
    for (const type of ["order.created", "order.expired", "refund.failed", "payment.failed"])
      expect(await byHand(...ORDERED, endpoint(all), happens(type), told("1", 0))).toBe("taken");
    expect(
      await byHand(...PAID, endpoint(["order.canceled"]), happens("order.paid"), told("1", 0)),
    ).toBe("taken");
    const both = [endpoint(["order.canceled"]), endpoint(["order.paid"], { id: "wep_2" })];
    expect(await byHand(...PAID, ...both, happens("order.paid"), told("1"), delivered(1))).toBe(
      "taken",
    );
  });

  it("is told once", async () => {
    const again = insert("outgoing_events", { id: "evt_2" });
    expect(await byHand(insert("outgoing_events"), again)).toContain("outgoing_events.subject");
    const delivery = [insert("outgoing_events"), insert("webhook_deliveries")];
    const twice = insert("webhook_deliveries", { id: "dlv_2" });
    expect(await byHand(...delivery, twice)).toContain("webhook_deliveries.event_id");
  });

  it("waits for an endpoint that is paused", async () => {
    const paused = endpoint(["order.paid"], { status: "paused" });
    expect(await byHand(...PAID, paused, happens("order.paid"), delivered(1))).toBe("taken");
  });
});

describe("Stock, whoever moves it,", () => {
  const asked = [...SHOP, endpoint(["inventory.low"])];
  const move = (by: number) => insert("stock_movements", { kind: "adjust", on_hand_delta: by });

  it("is told of when it falls to its threshold, each time anew", async () => {
    const low = "type = 'inventory.low' AND subject = 'A'";
    expect(await byHand(...asked, move(-4), told("1", 0))).toBe("taken");
    expect(await byHand(...asked, move(-5), told(low), move(-1), told("1"))).toBe("taken");
    expect(await byHand(...asked, move(-5), move(1), move(-1), told(low, 2))).toBe("taken");
    expect(await byHand(...HELD, endpoint(["inventory.low"]), move(-3), told(low))).toBe("taken");
    expect(await byHand(...SHOP, endpoint(["order.paid"]), move(-5), told("1", 0))).toBe("taken");
  });
});

describe("An event, whoever changes it,", () => {
  const event = insert("outgoing_events", { payload: "one" });

  it("says one thing, and can be forgotten", async () => {
    const say = (payload: string) => `UPDATE outgoing_events SET payload = ${payload}`;
    expect(
      await byHand(
        insert("outgoing_events"),
        say("'one'"),
        say("'one'"),
        say("NULL"),
        say("'two'"),
      ),
    ).toBe("taken");
    expect(await byHand(event, say("'two'"))).toContain("keep what was sent");
  });

  it("stays what it is", async () => {
    for (const column of ["type", "subject", "sequence", "created_at"])
      expect(await byHand(event, `UPDATE outgoing_events SET ${column} = 9`)).toContain(
        "outgoing_events stay",
      );
  });

  it("goes after 30 days with its deliveries and their log, and not before", async () => {
    const all = [endpoint(["order.paid"]), event, "UPDATE webhook_deliveries SET id = 'dlv_1'"];
    const log = insert("delivery_attempts");
    const gone = "DELETE FROM outgoing_events";
    const nothing = ["webhook_deliveries", "delivery_attempts"].map((table) =>
      mustBe(`NOT EXISTS (SELECT 1 FROM ${table})`),
    );
    expect(await byHand(...all, log, clock(30 * DAY), gone, ...nothing)).toBe("taken");
    expect(await byHand(...all, clock(30 * DAY - 1), gone)).toContain("outgoing_events_kept");
    expect(await byHand(...all, gone)).toContain("outgoing_events_kept");
    expect(await byHand(...all, "DELETE FROM webhook_deliveries")).toContain(
      "stay with their event",
    );
    expect(await byHand(...all, log, "DELETE FROM delivery_attempts")).toContain(
      "stay with their delivery",
    );
    expect(await byHand(...all, log, "UPDATE delivery_attempts SET status = 500")).toContain(
      "append-only",
    );
  });
});

describe("A delivery, whoever settles it,", () => {
  const waiting = [insert("outgoing_events"), insert("webhook_deliveries", { attempts: 2 })];
  const take = "UPDATE webhook_deliveries SET status = 'delivered', wake_at = NULL";

  it("was taken when its last attempt was answered with a 2xx", async () => {
    const attempt = (said: object) => insert("delivery_attempts", { number: 2, ...said });
    for (const status of [200, 204, 299])
      expect(await byHand(...waiting, attempt({ status }), take)).toBe("taken");
    for (const said of [{ status: 199 }, { status: 300 }, { status: null }, { number: 1 }])
      expect(await byHand(...waiting, attempt(said), take)).toContain("webhook_delivery_not_taken");
    expect(await byHand(...waiting, take)).toContain("webhook_delivery_not_taken");
  });

  it("is due while it is pending, and then alone", async () => {
    expect(await byHand(...waiting, "UPDATE webhook_deliveries SET wake_at = NULL")).toContain(
      "webhook_deliveries_due",
    );
    expect(await byHand(...waiting, "UPDATE webhook_deliveries SET status = 'failed'")).toContain(
      "webhook_deliveries_due",
    );
  });
});

describe("An endpoint, whoever makes it,", () => {
  const key = (scopes: readonly string[], said: object = {}) =>
    insert("api_keys", { scopes: JSON.stringify(scopes), ...said });
  const byKey = (events: readonly string[]) => endpoint(events, { changed_by: "key_1" });

  it("has sent what its maker may read", async () => {
    expect(await byHand(key(["orders:read"]), byKey(["order.paid"]))).toBe("taken");
    expect(await byHand(key(["inventory:read"]), byKey(["inventory.low"]))).toBe("taken");
    for (const [scope, events] of [
      ["inventory:read", ["order.paid"]],
      ["orders:read", ["inventory.low"]],
      ["orders:read", ["order.paid", "inventory.low"]],
      ["webhooks:write", ["order.paid"]],
    ] as const)
      expect(await byHand(key([scope]), byKey(events))).toContain("endpoint_exceeds_maker");
    expect(await byHand(key(["orders:read"], { revoked_at: 1 }), byKey(["order.paid"]))).toContain(
      "endpoint_exceeds_maker",
    );
    const people = [insert("accounts"), insert("users")];
    expect(await byHand(...people, endpoint(["order.paid"], { changed_by: "usr_1" }))).toBe(
      "taken",
    );
    expect(
      await byHand(
        ...people,
        "UPDATE users SET role = 'customer'",
        endpoint(["order.paid"], { changed_by: "usr_1" }),
      ),
    ).toContain("endpoint_exceeds_maker");
  });

  it("goes elsewhere, or gets more, by who may read that", async () => {
    const made = [key(["inventory:read"]), endpoint(["order.paid"])];
    const change = (set: string) => `UPDATE webhook_endpoints SET changed_by = 'key_1', ${set}`;
    const elsewhere = "url = 'https://b.test'";
    expect(await byHand(...made, change(elsewhere))).toContain("endpoint_exceeds_maker");
    expect(await byHand(...made, change(`${elsewhere}, events = '["inventory.low"]'`))).toBe(
      "taken",
    );
    expect(await byHand(...made, change(`events = '["order.paid","inventory.low"]'`))).toContain(
      "endpoint_exceeds_maker",
    );
    expect(await byHand(...made, "UPDATE webhook_endpoints SET status = 'paused'")).toBe("taken");
  });

  it("is one of ten, and has one of five secrets", async () => {
    const many = (count: number) =>
      Array.from({ length: count }, (_, i) => endpoint(["order.paid"], { id: `wep_${i}` }));
    expect(await byHand(...many(10))).toBe("taken");
    expect(await byHand(...many(11))).toContain("webhook_endpoints_full");
    const secrets = (count: number) =>
      Array.from({ length: count }, (_, i) =>
        insert("webhook_secrets", { id: `whs_${i}`, until: i + 1 }),
      );
    expect(await byHand(endpoint([]), ...secrets(5))).toBe("taken");
    expect(await byHand(endpoint([]), ...secrets(6))).toContain("webhook_secrets_full");
    const current = ["whs_a", "whs_b"].map((id) => insert("webhook_secrets", { id }));
    expect(await byHand(endpoint([]), ...current)).toContain("webhook_secrets.endpoint_id");
  });

  it("takes its secrets along", async () => {
    const gone = mustBe("NOT EXISTS (SELECT 1 FROM webhook_secrets)");
    const statements = [insert("webhook_endpoints"), insert("webhook_secrets")];
    expect(await byHand(...statements, "DELETE FROM webhook_endpoints", gone)).toBe("taken");
  });
});
