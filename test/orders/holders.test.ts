import { describe, expect, it } from "vitest";
import { makeKey, makeMember } from "../support/credentials.ts";
import { expectError } from "../support/expect-error.ts";
import { call } from "../support/http.ts";
import { as, asAdmin } from "../support/people.ts";
import { checkOutAs, makeSku, order, reserve, toPaymentPage } from "../support/shop.ts";
import { rows, useWorld } from "../support/world.ts";

useWorld();

const NO_RESERVATION = { code: "NOT_FOUND", message: "There is no such reservation." };
const oneOf = async () => [{ sku: await makeSku(5), quantity: 1 }];
const pathOf = (id: string) => `/api/v1/reservations/${id}`;
const withToken = (token: string) => ({ headers: { "X-Order-Token": token } });

/** Everything of the ledger and the invariants that a key with only these scopes is shown. */
async function shownTo(secret: string, sku: string): Promise<string> {
  const headers = { Authorization: `Bearer ${secret}` };
  const paths = [`/inventory/${sku}/movements`, "/inventory", `/inventory/${sku}`];
  const texts: string[] = [];
  for (const path of [...paths, "/admin/invariants"])
    texts.push((await call("GET", `/api/v1${path}`, { headers })).text);
  return texts.join("\n");
}

describe("The id of a guest's hold is a right, so it", () => {
  it("stands in no movement: a key that reads stock learns another name of the hold, which opens nothing", async () => {
    const sku = await makeSku(5);
    const { id } = (await reserve([{ sku, quantity: 1 }])).body.data;
    const { secret } = await makeKey(["inventory:read"]);
    const text = await shownTo(secret, sku);
    expect(text).not.toContain(id);
    const { body } = await as({ accessToken: secret }, "GET", `/api/v1/inventory/${sku}/movements`);
    const { reservationRef } = body.data[0];
    expect(reservationRef).toMatch(/^hld_[0-9a-z]{36}$/);
    expect(await rows("SELECT id FROM reservations WHERE ref = ?", reservationRef)).toEqual([
      { id },
    ]);
    for (const method of ["GET", "DELETE"])
      expectError(await call(method, pathOf(reservationRef)), 404, NO_RESERVATION);
  });

  it("stands in no breach of an invariant", async () => {
    const { id } = (await reserve(await oneOf())).body.data;
    await rows("UPDATE reservations SET expires_at = expires_at + 1 WHERE id = ?", id);
    const { text } = await asAdmin("GET", "/api/v1/admin/invariants");
    expect(text).toContain("held for longer than");
    expect(text).not.toContain(id);
    await rows("UPDATE reservations SET expires_at = expires_at - 1 WHERE id = ?", id);
  });
});

describe("A guest's hold that has an order", () => {
  it("is read with the order's token, and by nobody who has only its id", async () => {
    const at = await toPaymentPage();
    const path = pathOf(at.reservationId);
    expectError(await call("GET", path), 404, NO_RESERVATION);
    expectError(await call("GET", path, withToken("ot_no")), 404, NO_RESERVATION);
    const other = await toPaymentPage();
    expectError(await call("GET", path, withToken(other.orderToken)), 404, NO_RESERVATION);
    expectError(await as(await makeMember(), "GET", path), 404, NO_RESERVATION);
    const { status, body } = await call("GET", path, withToken(at.orderToken));
    expect([status, body.data.orderId]).toEqual([200, at.orderId]);
  });

  it("is given back with the order's token, and not by whoever knew its id before the checkout", async () => {
    const at = await toPaymentPage();
    const path = pathOf(at.reservationId);
    expectError(await call("DELETE", path), 404, NO_RESERVATION);
    expectError(await as(await makeMember(), "DELETE", path), 404, NO_RESERVATION);
    expect(await order(at)).toMatchObject({ status: "pending_payment" });
    expect((await call("DELETE", path, withToken(at.orderToken))).status).toBe(204);
    expect(await order(at)).toMatchObject({ status: "canceled" });
  });

  it("belongs to the account that checked it out, whoever has made it", async () => {
    const { id } = (await reserve(await oneOf())).body.data;
    const buyer = await makeMember();
    expect((await checkOutAs(buyer, { reservationId: id })).status).toBe(201);
    expectError(await call("GET", pathOf(id)), 404, NO_RESERVATION);
    expectError(await call("DELETE", pathOf(id)), 404, NO_RESERVATION);
    const colleague = await makeMember("customer", buyer.accountId);
    expect((await as(colleague, "GET", pathOf(id))).status).toBe(200);
    expect((await as(buyer, "DELETE", pathOf(id))).status).toBe(204);
  });
});
