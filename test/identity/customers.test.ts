import { describe, expect, it } from "vitest";
import { fulfill, refund } from "../support/after-sale.ts";
import { type Member, makeKey, makeMember } from "../support/credentials.ts";
import { customerId, customerOf, findCustomers, orderFor, purchase } from "../support/customers.ts";
import { expectError } from "../support/expect-error.ts";
import { mailedToken } from "../support/mailbox.ts";
import { arrive } from "../support/money-back.ts";
import { as, asAdmin, registerPerson, theAdmin, verifyAs } from "../support/people.ts";
import { rows, settle, travel, useWorld } from "../support/world.ts";

useWorld();

const ADA = "ada@example.com";
/** Somebody who has come into the account later. */
async function colleagueOf({ accountId }: Member): Promise<Member> {
  const colleague = await makeMember("customer", accountId);
  await rows("UPDATE users SET created_at = created_at + 1 WHERE id = ?", colleague.id);
  return colleague;
}

const list = (query = "") => asAdmin("GET", `/api/v1/customers${query}`);
const usd = (amount: number) => [{ amount, currency: "USD" }];

describe("A customer", () => {
  it("is a guest with what they have paid for, by their address", async () => {
    await theAdmin(); // who is a customer, too
    await travel(1); // of one millisecond, nobody knows who came first
    await orderFor({ email: "waits@example.com" });
    const first = await purchase({ email: "Ada@Example.com" });
    await purchase({ email: ADA });
    await purchase({ email: ADA }, undefined, "EUR");
    const all = (await list()).body.data;
    const customer = all.find(({ email }: { email: string }) => email === ADA);
    const [admin, ...others] = all.filter((one: object) => one !== customer);
    expect(admin).toMatchObject({ orders: 0, spent: [], lastOrderAt: null });
    expect(others).toEqual([]);
    expect(customer).toMatchObject({
      ...{ email: ADA, name: "Łukasz Ærø", account: null, orders: 3, mailSuppressed: false },
      spent: [
        { amount: 2500, currency: "EUR" },
        { amount: 5000, currency: "USD" },
      ],
    });
    const newest = await rows<{ at: number }>("SELECT max(created_at) AS at FROM orders");
    expect(Date.parse(customer.lastOrderAt)).toBe(newest[0]?.at);
    const one = await asAdmin("GET", `/api/v1/customers/${customer.id}`);
    expect(one.body.data).toEqual(customer);
    expect(one.headers.get("ETag")).toMatch(/^"/);
    await refund(first, { amount: { amount: 700, currency: "USD" } });
    await settle();
    await arrive();
    expect((await customerOf(ADA)).spent).toContainEqual({ amount: 4300, currency: "USD" });
  });

  it("has registered, and is one with the guest who had bought with the address", async () => {
    await purchase({ email: ADA });
    const { id } = await customerOf(ADA);
    const person = await registerPerson(ADA);
    expect(await customerOf(ADA)).toMatchObject({
      ...{ id, name: "Ada Lovelace", account: { id: person.accountId }, orders: 1 },
    });
    await verifyAs(person, await mailedToken(ADA, "/verify-email"));
    await settle();
    expect(await rows("SELECT account_id AS account FROM orders")).toEqual([
      { account: person.accountId },
    ]);
    await purchase({ email: ADA });
    expect(await customerOf(ADA)).toMatchObject({ name: "Ada Lovelace" });
    await as(person, "PATCH", "/api/v1/me", { body: { name: "Ada King" } });
    expect(await findCustomers("ada")).toHaveLength(1);
    expect(await customerOf(ADA)).toMatchObject({ name: "Ada King", orders: 2, spent: usd(5000) });
  });

  it("is whoever an account begins with, whatever address its orders name", async () => {
    const first = await makeMember();
    const colleague = await colleagueOf(first);
    await purchase({ email: colleague.email }, colleague);
    await purchase({ email: "somebody@example.com" }, colleague);
    expect(await customerOf(first.email)).toMatchObject({ orders: 2, spent: usd(5000) });
    expect(await customerOf(colleague.email)).toMatchObject({ orders: 0, spent: [] });
    expect(await customerOf("somebody@example.com")).toBeUndefined();
  });

  it("has what a colleague had bought as a guest, once that joins their account", async () => {
    const first = await makeMember();
    const colleague = await colleagueOf(first);
    await purchase({ email: colleague.email });
    expect(await customerOf(colleague.email)).toMatchObject({ orders: 1, spent: usd(2500) });
    await rows("UPDATE orders SET account_id = ?", first.accountId);
    expect(await customerOf(colleague.email)).toMatchObject({ orders: 0, spent: usd(0) });
    expect(await customerOf(first.email)).toMatchObject({ orders: 1, spent: usd(2500) });
  });

  it("keeps what they have bought with an account under an address that is changed", async () => {
    const person = await registerPerson(ADA);
    await purchase({ email: ADA }, person);
    await purchase({ email: ADA });
    await rows("UPDATE users SET email = 'king@example.com' WHERE id = ?", person.id);
    expect(await customerOf("king@example.com")).toMatchObject({ orders: 1, spent: usd(2500) });
    expect(await customerOf(ADA)).toMatchObject({ orders: 1, spent: usd(2500), account: null });
  });

  it("has bought less when an order is called off, and spent less when its money is back", async () => {
    const { orderId } = await purchase({ email: ADA });
    expect((await asAdmin("POST", `/api/v1/orders/${orderId}/cancel`)).status).toBe(200);
    expect(await customerOf(ADA)).toMatchObject({ orders: 0, spent: usd(2500) });
    await settle();
    await arrive();
    expect(await customerOf(ADA)).toMatchObject({ orders: 0, spent: usd(0) });
  });

  it("costs one row more to write for each order, whatever they have bought", async () => {
    await purchase({ email: ADA });
    const before = await rows("SELECT * FROM customers");
    const order = await purchase({ email: ADA });
    await fulfill(order);
    const after = await rows("SELECT * FROM customers");
    expect(after).toHaveLength(before.length);
  });
});

describe("Customers are listed", () => {
  it("page by page, each once, and counted", async () => {
    for (let i = 0; i < 7; i += 1) await makeMember();
    const seen: string[] = [];
    for (let cursor: string | null = ""; cursor !== null; ) {
      const after: string = cursor === "" ? "" : `&cursor=${cursor}`;
      const { body } = await list(`?pageSize=2${after}`);
      seen.push(...body.data.map(({ email }: { email: string }) => email));
      cursor = body.meta.nextCursor;
    }
    // The admin who asks is one of them.
    expect(seen).toHaveLength(8);
    expect(new Set(seen).size).toBe(8);
    expect((await list("?include=total")).body.meta.total).toBe(8);
  });

  it("by staff, and programs that may read orders", async () => {
    const { email } = await makeMember();
    const [agent, customer] = [await makeMember("agent"), await makeMember()];
    expect((await as(agent, "GET", "/api/v1/customers")).status).toBe(200);
    expect((await as(customer, "GET", "/api/v1/customers")).status).toBe(403);
    const program = { accessToken: (await makeKey(["orders:read"])).secret };
    const path = `/api/v1/customers/${await customerId(email)}`;
    expect((await as(program, "GET", path)).status).toBe(200);
    const other = { accessToken: (await makeKey(["inventory:read"])).secret };
    expect((await as(other, "GET", path)).status).toBe(403);
    expectError(await asAdmin("GET", "/api/v1/customers/cus_none"), 404, {
      code: "NOT_FOUND",
      message: "There is no such customer.",
    });
  });
});
