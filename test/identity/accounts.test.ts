import { describe, expect, it } from "vitest";
import { makeKey, makeMember } from "../support/credentials.ts";
import { expectError } from "../support/expect-error.ts";
import { call } from "../support/http.ts";
import { mailedToken } from "../support/mailbox.ts";
import { as, type Person, registerPerson, verifyAs } from "../support/people.ts";
import { checkOut, checkOutAs, makeSku, reserve, reserveAs } from "../support/shop.ts";
import { deliverAll, stripe } from "../support/stripe.ts";
import { rows, settle, useWorld } from "../support/world.ts";

useWorld();

type Buyer = Pick<Person, "accessToken">;
const NO_RESERVATION = { code: "NOT_FOUND", message: "There is no such reservation." } as const;
const NO_ORDER = { code: "NOT_FOUND", message: "There is no such order." } as const;

const oneOf = async () => [{ sku: await makeSku(5), quantity: 1 }];
const read = (who: Buyer, id: string) => as(who, "GET", `/api/v1/orders/${id}`);
const ordersOf = async (who: Buyer, query = "") =>
  (await as(who, "GET", `/api/v1/orders${query}`)).body.data.map(({ id }: { id: string }) => id);

async function guestOrder(
  email: string,
): Promise<{ orderId: string; orderToken: string; paymentUrl: string }> {
  const { status, text, body } = await checkOut({ items: await oneOf(), email });
  expect(status, text).toBe(201);
  return body.data;
}

async function pay(paymentUrl: string): Promise<void> {
  await stripe.pay(paymentUrl);
  await deliverAll();
  await settle();
}

async function paidGuestOrder(email: string): Promise<string> {
  const { orderId, paymentUrl } = await guestOrder(email);
  await pay(paymentUrl);
  return orderId;
}

async function orderAs(who: Buyer): Promise<string> {
  return (await checkOutAs(who, { items: await oneOf() })).body.data.orderId;
}

async function verifyAddress(person: Person): Promise<void> {
  const token = await mailedToken(person.email, "/verify-email");
  expect((await verifyAs(person, token)).status).toBe(204);
  await settle();
}

/** Proves the address once more, by a link to a new password, and signs in with that. */
async function withNewPassword({ email }: Person): Promise<Buyer> {
  const password = "purple lamp under seven seas";
  await call("POST", "/api/v1/auth/password/forgot", { body: { email } });
  const token = await mailedToken(email, "/reset-password");
  await call("POST", "/api/v1/auth/password/reset", { body: { token, password } });
  await settle();
  return (await call("POST", "/api/v1/auth/login", { body: { email, password } })).body.data;
}

describe("A guest's order", () => {
  it("joins the account with its address once that is verified, and not before", async () => {
    const person = await registerPerson();
    const orderId = await paidGuestOrder(person.email.toUpperCase());
    expect(await ordersOf(person)).toEqual([]);
    expectError(await read(person, orderId), 404, NO_ORDER);
    await verifyAddress(person);
    expect(await ordersOf(person)).toEqual([orderId]);
    expect((await read(person, orderId)).status).toBe(200);
  });

  it("joins when it is paid, also long after its address was proved, and not before", async () => {
    const person = await registerPerson();
    const before = await guestOrder(person.email);
    await verifyAddress(person);
    expect(await ordersOf(person)).toEqual([]);
    const after = await guestOrder(person.email);
    expectError(await read(person, after.orderId), 404, NO_ORDER);
    await pay(before.paymentUrl);
    expect(await ordersOf(person)).toEqual([before.orderId]);
    await pay(after.paymentUrl);
    expect((await ordersOf(person)).sort()).toEqual([after.orderId, before.orderId].sort());
    expectError(await read(await registerPerson(), after.orderId), 404, NO_ORDER);
  });

  it("does not join an account whose address nobody has proved, however late it is paid", async () => {
    const person = await registerPerson();
    await paidGuestOrder(person.email);
    expect(await ordersOf(person)).toEqual([]);
  });

  it("joins when the address is proved by a new password, too", async () => {
    const person = await registerPerson();
    const orderId = await paidGuestOrder(person.email);
    expect(await ordersOf(await withNewPassword(person))).toEqual([orderId]);
  });

  it("does not join an account with another address, nor leave one it has joined", async () => {
    const [ada, eve] = [await registerPerson(), await registerPerson()];
    const orderId = await paidGuestOrder(ada.email);
    await verifyAddress(eve);
    expect(await ordersOf(eve)).toEqual([]);
    await verifyAddress(ada);
    const members = await orderAs(eve);
    expect(await ordersOf(await withNewPassword(ada))).toEqual([orderId]);
    expect(await ordersOf(eve)).toEqual([members]);
  });

  it("joins no account by its address when another account has made it", async () => {
    const [ada, eve] = [await registerPerson(), await makeMember()];
    const { body } = await checkOutAs(eve, { items: await oneOf(), email: ada.email });
    await pay(body.data.paymentUrl);
    await verifyAddress(ada);
    expect(await ordersOf(ada)).toEqual([]);
    expectError(await read(ada, body.data.orderId), 404, NO_ORDER);
    expect(await ordersOf(eve)).toEqual([body.data.orderId]);
  });

  it("stays readable with its token, with nothing else, and with no other order's token", async () => {
    const first = await guestOrder("guest@example.com");
    const second = await guestOrder("guest@example.com");
    const withToken = (id: string, token: string) =>
      call("GET", `/api/v1/orders/${id}`, { headers: { "X-Order-Token": token } });
    expect((await withToken(first.orderId, first.orderToken)).status).toBe(200);
    for (const token of [
      second.orderToken,
      first.orderToken.slice(0, -1),
      first.orderToken.toLowerCase(),
      "ot_",
      "",
      first.orderId,
    ])
      expect((await withToken(first.orderId, token)).status, token).toBe(404);
    expect((await call("GET", `/api/v1/orders/${first.orderId}`)).status).toBe(401);
    const member = await makeMember();
    expectError(await read(member, first.orderId), 404, NO_ORDER);
  });

  it("that learns its address at the payment page is the account's, too, once verified", async () => {
    const person = await registerPerson();
    const { body } = await checkOut({ items: await oneOf(), email: undefined });
    await stripe.pay(body.data.paymentUrl, { email: person.email.toUpperCase() });
    await deliverAll();
    await settle();
    await verifyAddress(person);
    expect(await ordersOf(person)).toEqual([body.data.orderId]);
  });
});

describe("A reservation made with an account", () => {
  it("is not there for guests and for other accounts, and is for staff", async () => {
    const owner = await makeMember();
    const { id } = (await reserveAs(owner, await oneOf())).body.data;
    const path = `/api/v1/reservations/${id}`;
    const others: (Buyer | undefined)[] = [
      undefined,
      await makeMember(),
      { accessToken: (await makeKey(["inventory:read", "inventory:write"])).secret },
    ];
    for (const other of others) {
      const ask = (method: string) =>
        other === undefined ? call(method, path) : as(other, method, path);
      expectError(await ask("GET"), 404, NO_RESERVATION);
      expectError(await ask("DELETE"), 404, NO_RESERVATION);
    }
    for (const staff of [await makeMember("agent"), await makeMember("admin")])
      expect((await as(staff, "GET", path)).body.data).toMatchObject({ id, status: "held" });
    expect((await as(owner, "GET", path)).body.data.status).toBe("held");
  });

  it("is given back by staff, whose it is or not", async () => {
    const staff = [
      await makeMember("agent"),
      await makeMember("admin"),
      { accessToken: (await makeKey(["orders:write"])).secret },
    ];
    for (const one of staff) {
      const owner = await makeMember();
      const { id } = (await reserveAs(owner, await oneOf())).body.data;
      const path = `/api/v1/reservations/${id}`;
      expect((await as(one, "DELETE", path)).status).toBe(204);
      expect((await as(owner, "GET", path)).body.data.status).toBe("released");
    }
  });

  it("can be checked out only by its account, and the refusal says nothing", async () => {
    const owner = await makeMember();
    const { id } = (await reserveAs(owner, await oneOf())).body.data;
    const body = { reservationId: id };
    expectError(await checkOut(body), 404, NO_RESERVATION);
    expectError(await checkOutAs(await makeMember(), body), 404, NO_RESERVATION);
    expectError(await checkOutAs(await makeMember("admin"), body), 404, NO_RESERVATION);
    expectError(await checkOut({ reservationId: "rsv_unknown" }), 404, NO_RESERVATION);
    const colleague = await makeMember("customer", owner.accountId);
    expect((await checkOutAs(colleague, body)).status).toBe(201);
    expect(await rows("SELECT account_id AS account FROM orders")).toEqual([
      { account: owner.accountId },
    ]);
  });

  it("is not given away by its idempotency key", async () => {
    const [owner, other] = [await makeMember(), await makeMember()];
    const headers = { "Idempotency-Key": "the-same-key" };
    const body = { items: await oneOf() };
    const mine = await as(owner, "POST", "/api/v1/reservations", { headers, body });
    const theirs = await as(other, "POST", "/api/v1/reservations", { headers, body });
    const guests = await call("POST", "/api/v1/reservations", { headers, body });
    const ids = [mine, theirs, guests].map((answer) => answer.body.data.id);
    expect(new Set(ids).size).toBe(3);
  });

  it("that a guest made can be checked out by a user, and is then an order of their account", async () => {
    const { id } = (await reserve(await oneOf())).body.data;
    const buyer = await makeMember();
    const { body } = await checkOutAs(buyer, { reservationId: id });
    expect(body.data).not.toHaveProperty("orderToken");
    expect(await ordersOf(buyer)).toEqual([body.data.orderId]);
  });
});

describe("The orders of an account", () => {
  it("are its users' and the shop's, and nobody else's", async () => {
    const owner = await makeMember();
    const colleague = await makeMember("customer", owner.accountId);
    const other = await makeMember();
    const [mine, theirs] = [await orderAs(owner), await orderAs(other)];
    const { orderId: guests } = await guestOrder("guest@example.com");
    for (const who of [owner, colleague]) {
      expect(await ordersOf(who)).toEqual([mine]);
      expect(await ordersOf(who, "?include=total&email=guest@example.com")).toEqual([]);
      expect((await read(who, mine)).status).toBe(200);
      expectError(await read(who, theirs), 404, NO_ORDER);
      expectError(await as(who, "GET", `/api/v1/orders/${theirs}/events`), 404, NO_ORDER);
      expectError(await read(who, guests), 404, NO_ORDER);
    }
    const key = { accessToken: (await makeKey(["orders:read"])).secret };
    for (const who of [await makeMember("agent"), await makeMember("admin"), key]) {
      expect((await ordersOf(who)).sort()).toEqual([mine, theirs, guests].sort());
      expect((await read(who, theirs)).status).toBe(200);
    }
  });

  it("are counted, filtered and paged within the account", async () => {
    const [owner, other] = [await makeMember(), await makeMember()];
    for (let i = 0; i < 3; i += 1) {
      await orderAs(owner);
      await orderAs(other);
    }
    const first = await as(owner, "GET", "/api/v1/orders?include=total&pageSize=2");
    expect(first.body.meta.total).toBe(3);
    const cursor = first.body.meta.nextCursor;
    const strangers = await as(other, "GET", `/api/v1/orders?cursor=${cursor}&include=total`);
    const all = new Set([...first.body.data.map(({ id }: { id: string }) => id)]);
    for (const { id } of strangers.body.data) expect(all).not.toContain(id);
    expect(strangers.body.meta.total).toBe(3);
  });

  it("need no token, and nobody else's token opens them", async () => {
    const owner = await makeMember();
    const { body } = await checkOutAs(owner, { items: await oneOf() });
    expect(body.data).not.toHaveProperty("orderToken");
    const { orderToken } = await guestOrder("guest@example.com");
    const headers = { "X-Order-Token": orderToken };
    const path = `/api/v1/orders/${body.data.orderId}`;
    expectError(await call("GET", path, { headers }), 404, NO_ORDER);
    expectError(await as(await makeMember(), "GET", path, { headers }), 404, NO_ORDER);
  });
});
