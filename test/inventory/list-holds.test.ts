import { describe, expect, it } from "vitest";
import { type Member, makeKey, makeMember } from "../support/credentials.ts";
import { call } from "../support/http.ts";
import { as, asAdmin } from "../support/people.ts";
import { checkOut, level, makeSku, order, reserve, reserveAs } from "../support/shop.ts";
import { askStripe, type StripeSession, stripe } from "../support/stripe.ts";
import { cron, rows, travel, useWorld } from "../support/world.ts";

useWorld();

const LIST = "/api/v1/reservations";
const withKey = async (scopes: Parameters<typeof makeKey>[0], path = LIST, method = "GET") =>
  call(method, path, { headers: { Authorization: `Bearer ${(await makeKey(scopes)).secret}` } });

/** What staff call this hold by. */
async function refOf(id: string): Promise<string> {
  const [row] = await rows<{ ref: string }>("SELECT ref FROM reservations WHERE id = ?", id);
  return row?.ref ?? "";
}

/** A guest's hold and an account's, of one SKU. */
async function twoHolds(): Promise<{ sku: string; guests: string; accounts: string; by: Member }> {
  const sku = await makeSku(9);
  const items = [{ sku, quantity: 2 }];
  const by = await makeMember();
  const guests = (await reserve(items)).body.data.id;
  await travel(1);
  return { sku, guests, accounts: (await reserveAs(by, items)).body.data.id, by };
}

describe("Staff see who holds what until when", () => {
  it("newest first, by SKU, status and caller, with what they need to release it", async () => {
    const { sku, guests, accounts, by } = await twoHolds();
    await travel(1);
    const other = await twoHolds();
    const { body } = await asAdmin("GET", `${LIST}?sku=${sku}`);
    expect(body.data).toMatchObject([
      { id: accounts, status: "held", items: [{ sku, quantity: 2 }], accountId: by.accountId },
      { id: null, orderId: null, accountId: null, caller: expect.stringMatching(/^guest_/) },
    ]);
    const refs = async (query: string) =>
      (await asAdmin("GET", `${LIST}?${query}`)).body.data.map(({ ref }: { ref: string }) => ref);
    const [ofAccount, ofGuest] = await Promise.all([accounts, guests].map(refOf));
    expect(await refs(`caller=${by.accountId}`)).toEqual([ofAccount]);
    const { caller } = body.data[1];
    expect(await refs(`caller=${caller}`)).toEqual([await refOf(other.guests), ofGuest]);
    expect(await refs(`caller=${caller}&sku=${sku}`)).toEqual([ofGuest]);
    await call("DELETE", `${LIST}/${guests}`);
    expect(await refs(`sku=${sku}`)).toEqual([ofAccount]);
    expect(await refs("status=released")).toEqual([ofGuest]);
    expect((await asAdmin("GET", `${LIST}?status=lost`)).status).toBe(422);
  });

  it("page by page, each once, also while others come and go", async () => {
    const sku = await makeSku(50);
    const made: string[] = [];
    for (let i = 0; i < 7; i += 1) made.push((await reserve([{ sku, quantity: 1 }])).body.data.id);
    const newestFirst = await Promise.all(made.toSorted().toReversed().map(refOf));
    for (const filter of ["", `&sku=${sku}`]) {
      const seen: string[] = [];
      let cursor = "";
      do {
        const { body } = await asAdmin("GET", `${LIST}?pageSize=3${filter}${cursor}&include=total`);
        expect(body.meta.total).toBe(7);
        seen.push(...body.data.map(({ ref }: { ref: string }) => ref));
        cursor = body.meta.nextCursor === null ? "" : `&cursor=${body.meta.nextCursor}`;
      } while (cursor !== "");
      expect(seen).toEqual(newestFirst);
    }
  });

  it("calls a hold over whose time is, before the sweep does", async () => {
    const sku = await makeSku(5);
    await reserve([{ sku, quantity: 1 }]);
    await travel(15 * 60_000);
    const { body } = await asAdmin("GET", `${LIST}?sku=${sku}`);
    expect(body.data).toMatchObject([{ status: "expired" }]);
    await cron();
  });
});

describe("An id that is a right", () => {
  it("is not in the list, whoever looks, nor in its cursor", async () => {
    const { guests, accounts } = await twoHolds();
    for (const seen of [
      await withKey(["inventory:read", "orders:write"]),
      await as(await makeMember("agent"), "GET", LIST),
      await asAdmin("GET", LIST),
    ])
      expect([seen.status, seen.text.includes(guests)]).toEqual([200, false]);
    const answer = await withKey(["inventory:read"], `${LIST}?pageSize=1`);
    expect(answer.status).toBe(200);
    const rest = await withKey(["inventory:read"], `${LIST}?cursor=${answer.body.meta.nextCursor}`);
    expect([...answer.body.data, ...rest.body.data].map(({ id }) => id)).toEqual([accounts, null]);
    const cursors = await withKey(["inventory:read"], `${LIST}?pageSize=1`);
    expect(atob(cursors.body.meta.nextCursor)).not.toContain("rsv_");
    for (const { text } of [answer, rest]) expect(text).not.toContain(guests);
  });

  it("is named by another one, by which staff read and release the hold, and nobody else", async () => {
    const { sku, guests, by } = await twoHolds();
    const named = `${LIST}/${await refOf(guests)}`;
    const items = [{ sku, quantity: 2 }];
    for (const method of ["GET", "DELETE"]) {
      expect((await call(method, named)).status).toBe(404);
      expect((await as(by, method, named)).status).toBe(404);
      expect((await withKey(["inventory:read"], named, method)).status).toBe(404);
      expect((await asAdmin(method, `${LIST}/hld_none`)).status).toBe(404);
    }
    const agent = await makeMember("agent");
    const seen = await as(agent, "GET", named);
    expect(seen.body.data).toMatchObject({ id: await refOf(guests), status: "held", items });
    expect(seen.text).not.toContain(guests);
    expect((await as(agent, "DELETE", named)).status).toBe(204);
    expect((await call("GET", `${LIST}/${guests}`)).body.data).toMatchObject({
      status: "released",
    });
  });

  it("is no customer's to list", async () => {
    expect((await withKey(["orders:write"])).status).toBe(403);
    expect((await as(await makeMember(), "GET", LIST)).status).toBe(403);
    expect((await call("GET", LIST)).status).toBe(401);
  });
});

describe("Staff release a hold", () => {
  const audited = () =>
    rows<{ actor: string; target: string; data: string }>(
      "SELECT actor, target, data FROM audit_log WHERE action = 'reservation.released'",
    );

  it("of an account or of a guest, once, and the audit log says who and whose", async () => {
    const { sku, guests, accounts, by } = await twoHolds();
    const agent = await makeMember("agent");
    expect((await as(agent, "DELETE", `${LIST}/${accounts}`)).status).toBe(204);
    expect((await as(agent, "DELETE", `${LIST}/${accounts}`)).status).toBe(204);
    const named = `${LIST}/${await refOf(guests)}`;
    expect((await withKey(["orders:write"], named, "DELETE")).status).toBe(204);
    expect(await level(sku)).toMatchObject({ reserved: 0 });
    const lines = await audited();
    expect(lines).toMatchObject([
      { actor: agent.id, target: await refOf(accounts) },
      { target: await refOf(guests) },
    ]);
    const items = [{ sku, quantity: 2 }];
    expect(lines.map(({ data }) => JSON.parse(data))).toEqual([
      { caller: by.accountId, items: expect.any(Array) },
      { caller: expect.stringMatching(/^guest_/), items },
    ]);
    expect(JSON.stringify(lines)).not.toContain(guests);
  });

  it("at the checkout too, whose payment page is closed first", async () => {
    const sku = await makeSku(5);
    const at = (await checkOut({ items: [{ sku, quantity: 1 }] })).body.data;
    const { body } = await asAdmin("GET", `${LIST}?sku=${sku}`);
    expect(body.data).toMatchObject([{ orderId: at.orderId }]);
    expect((await asAdmin("DELETE", `${LIST}/${body.data[0].ref}`)).status).toBe(204);
    expect(await order(at)).toMatchObject({ status: "canceled" });
    const { data } = await askStripe<{ data: StripeSession[] }>("/checkout/sessions");
    expect(data).toMatchObject([{ status: "expired" }]);
    await expect(stripe.pay(at.paymentUrl)).rejects.toThrow();
    const [line, ...others] = await audited();
    expect([line?.target, others]).toEqual([body.data[0].ref, []]);
    expect(JSON.parse(line?.data ?? "")).toEqual({
      caller: expect.stringMatching(/^guest_/),
      items: [{ sku, quantity: 1 }],
      orderId: at.orderId,
    });
  });

  it("and a key without the scope, or another customer, does not", async () => {
    const { accounts } = await twoHolds();
    expect((await withKey(["inventory:read"], `${LIST}/${accounts}`, "DELETE")).status).toBe(404);
    expect((await as(await makeMember(), "DELETE", `${LIST}/${accounts}`)).status).toBe(404);
    expect(await audited()).toEqual([]);
  });
});
