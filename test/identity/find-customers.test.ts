import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { indexBuyer, indexCustomer } from "../../src/identity/index.ts";
import { createContext } from "../../src/services.ts";
import { makeKey, makeMember, systemContext } from "../support/credentials.ts";
import { ADDRESS, customerId, findCustomers, orderFor, purchase } from "../support/customers.ts";
import { databaseInterrupted } from "../support/faults.ts";
import { type Answer, call } from "../support/http.ts";
import { cronOver, servicesWith } from "../support/jobs.ts";
import { mailedToken } from "../support/mailbox.ts";
import { as, asAdmin, registerPerson, theAdmin } from "../support/people.ts";
import { brokenDatabase, shopOver } from "../support/rig.ts";
import { fillWhole, indexRows } from "../support/search.ts";
import { deliverAll, stripe } from "../support/stripe.ts";
import { rows, settle, useWorld } from "../support/world.ts";

useWorld();

const MINUTE = "* * * * *";
const find = (q: string, more = "") =>
  asAdmin("GET", `/api/v1/customers?q=${encodeURIComponent(q)}${more}`);
const emailsOf = ({ body }: Answer): string[] =>
  body.data.map(({ email }: { email: string }) => email);
const found = async (q: string): Promise<string[]> =>
  (await findCustomers(q)).map(({ email }: { email: string }) => email);
const refusal = ({ status, body }: Answer) => [status, body.error.code];
const namedTo = (name: string) => ({ shippingAddress: { ...ADDRESS, name } });

let made = 0;

/** Customers as the database and the index have them, one after the other. */
async function people(names: Readonly<Record<string, string>>): Promise<void> {
  for (const [email, name] of Object.entries(names)) {
    made += 1;
    await rows(
      "INSERT INTO customers (id, email, name, created_at) VALUES (?, ?, ?, 1)",
      ...[`cus_${made}`, email, name],
    );
  }
  await fillWhole();
}

describe("A customer is found", () => {
  it("by each word of their name and of their address, the last one begun, and by nothing else", async () => {
    await people({
      "zorblax.q+shop@mail.example.com": "Zorblax Quimbert",
      "other@elsewhere.test": "Grace Hopper",
    });
    const words = [
      ...["zorblax", "quimbert", "QUIMBERT", "quimbert zorblax", "Zorblax Qui", "q", "zor"],
      ...["zorblax.q+shop@mail.example.com", "ZORBLAX.Q+SHOP@MAIL.EXAMPLE.COM", " shop "],
      ...["zorblax.q", "zorblax.q+shop", "mail.example.com", "example", "example.com", "@mail.ex"],
      ...["zorblax.q+shop@mail.ex", "quimbert shop@mail.example.com", "Zorblax\u200b"],
    ];
    for (const q of words)
      expect([q, await found(q)]).toEqual([q, ["zorblax.q+shop@mail.example.com"]]);
    for (const q of [
      "orblax",
      "zor quimbert",
      "zorblax hopper",
      "quimbert grace",
      "shop@mail.test",
    ])
      expect([q, await found(q)]).toEqual([q, []]);
    expect(await found("hopper")).toEqual(["other@elsewhere.test"]);
  });

  it("by an address as a whole, and not by its words in another order", async () => {
    await people({ "ada@example.com": "One", "example@ada.com": "Two", "b@example.com": "Ada" });
    expect(await found("ada@example.com")).toEqual(["ada@example.com"]);
    expect(await found("ada example com")).toEqual([
      "b@example.com",
      "example@ada.com",
      "ada@example.com",
    ]);
  });

  it("by their name as it is, which has no other forms", async () => {
    await people({
      "1@one.test": "Carla Banks",
      "2@two.test": "Carla Bank",
      "3@x.test": "Jo Baked",
    });
    expect(await found("banks")).toEqual(["1@one.test"]);
    expect(await found("bank carla")).toEqual(["2@two.test"]);
    for (const q of ["baking", "bake jo", "bakes"]) expect([q, await found(q)]).toEqual([q, []]);
  });

  it("in plain letters as well as in their own", async () => {
    await people({
      "a@a.test": "Jörg Groß",
      "b@b.test": "Łukasz Ærø",
      "c@c.test": "Zoë Ødegård",
      "d@d.test": "Иван Йовков",
      "e@e.test": "王小明",
      "f@f.test": "山田 太郎",
      "g@g.test": "김철수",
    });
    const expected: Readonly<Record<string, readonly string[]>> = {
      "a@a.test": ["Jorg", "jörg", "JO\u0308RG", "gross", "GROSS", "groß jorg"],
      "b@b.test": ["lukasz", "Łukasz", "LUKASZ aero", "ærø"],
      "c@c.test": ["odegard", "Ødegård", "zoe ode"],
      "d@d.test": ["иван", "ЙОВКОВ", "Иовков"],
      "e@e.test": ["王小明", "小明", "王", "明", "王小"],
      "f@f.test": ["山田太郎", "太郎", "山田 太郎", "田　太"],
      "g@g.test": ["철수", "김"],
    };
    for (const [email, words] of Object.entries(expected))
      for (const q of words) expect([q, await found(q)]).toEqual([q, [email]]);
    for (const q of ["明小", "郎太", "수철"]) expect([q, await found(q)]).toEqual([q, []]);
  });

  it("whatever was typed, and never with an error of the index's; with nothing, it is all", async () => {
    await people({ "bobby@example.com": "Robert Drop" });
    const typed = [
      ...['"', '""', "'", "AND", "NOT drop", "drop OR", "NEAR(a b)", "words : drop", "*", "drop*"],
      ...["^drop", "(", "drop )", "-drop", "{a}: b", "\0", "a\0b", "%", "_", "\\", "´", "🫖", "@"],
      ...[
        "@@",
        "a@b@c",
        "' OR 1=1 --",
        "x".repeat(200),
        "a ".repeat(100),
        "@ ".repeat(100),
        "\u200b",
      ],
      ...["bobby@", '"bobby@"', "a\u0301\u0301", "0x", "９９９"],
    ];
    for (const q of typed) expect([q, (await find(q, "&include=total")).status]).toEqual([q, 200]);
    for (const q of ["!!!", "\u200b", "@", "´", 'bobby" OR "grace'])
      expect([q, emailsOf(await find(q))]).toEqual([q, []]);
    for (const q of ["drop*", "(drop)", "bobby@", '"bobby@"'])
      expect([q, emailsOf(await find(q))]).toEqual([q, ["bobby@example.com"]]);
    expect(refusal(await find("x".repeat(201)))).toEqual([422, "VALIDATION_FAILED"]);
    const all = await asAdmin("GET", "/api/v1/customers");
    expect((await find("")).body.data).toEqual(all.body.data);
    expect(all.body.data).toHaveLength(2); // with the admin who asks
  });

  it("newest first, page by page, each once, and counted", async () => {
    await people(
      Object.fromEntries(Array.from({ length: 7 }, (_, i) => [`m${i}@example.com`, "Mia Member"])),
    );
    const seen: string[] = [];
    for (let cursor: string | null = ""; cursor !== null; ) {
      const after: string = cursor === "" ? "" : `&cursor=${cursor}`;
      const page = await find("member", `&pageSize=2&include=total${after}`);
      expect([page.body.meta.total, page.body.data.length <= 2]).toEqual([7, true]);
      seen.push(...emailsOf(page));
      cursor = page.body.meta.nextCursor;
    }
    expect(seen).toEqual([6, 5, 4, 3, 2, 1, 0].map((i) => `m${i}@example.com`));
    const { nextCursor } = (await asAdmin("GET", "/api/v1/customers?pageSize=2")).body.meta;
    expect((await find("member", `&cursor=${nextCursor}`)).status).toBe(422);
  });

  it("by staff alone", async () => {
    await purchase({ email: "ada@example.com" });
    const [agent, customer] = [await makeMember("agent"), await makeMember()];
    const path = "/api/v1/customers?q=ada";
    expect(emailsOf(await as(agent, "GET", path))).toEqual(["ada@example.com"]);
    expect((await as(customer, "GET", path)).status).toBe(403);
    expect((await call("GET", path)).status).toBe(401);
    const program = { accessToken: (await makeKey(["catalog:write"])).secret };
    expect((await as(program, "GET", path)).status).toBe(403);
  });
});

describe("The index hears of a customer", () => {
  const promised = () =>
    rows<{ topic: string }>(
      "SELECT topic FROM outbox WHERE topic GLOB 'search.*' AND topic <> 'search.product' ORDER BY created_at, id",
    );

  it("who registers, and who calls themselves something else", async () => {
    const person = await registerPerson("ada@example.com");
    expect(await promised()).toEqual([{ topic: "search.user" }]);
    expect(await found("lovelace")).toEqual(["ada@example.com"]);
    await as(person, "PATCH", "/api/v1/me", { body: { name: "Ada King" } });
    expect(await found("king")).toEqual(["ada@example.com"]);
    expect(await found("lovelace")).toEqual([]);
    expect(await promised()).toHaveLength(2);
    expect(
      await rows("SELECT name, version FROM customers WHERE email = 'ada@example.com'"),
    ).toEqual([{ name: "Ada King", version: 2 }]);
  });

  it("whose name goes when somebody else proves that the address is theirs", async () => {
    await registerPerson("owner@example.com");
    expect(await found("lovelace")).toEqual(["owner@example.com"]);
    await call("POST", "/api/v1/auth/password/forgot", { body: { email: "owner@example.com" } });
    const token = await mailedToken("owner@example.com", "/reset-password");
    const body = { token, password: "a third horse battery staple" };
    expect((await call("POST", "/api/v1/auth/password/reset", { body })).status).toBe(204);
    expect(await found("lovelace")).toEqual([]);
    expect(await found("owner")).toEqual(["owner@example.com"]);
    const stale = "SELECT rowid FROM customer_words WHERE customer_words MATCH 'lovelace'";
    expect(await indexRows(stale)).toEqual([]);
    expect(await rows("SELECT name FROM customers WHERE email = 'owner@example.com'")).toEqual([
      { name: "owner" },
    ]);
  });

  it("by their order, which promises it once for both, and is not told again of one who has bought before", async () => {
    await purchase({ email: "zorblax@example.com", ...namedTo("Zorblax Quimbert") });
    expect(await promised()).toEqual([{ topic: "search.order" }]);
    expect(await found("quimbert")).toEqual(["zorblax@example.com"]);
    // Who is not written again is not found again.
    await indexRows("DELETE FROM customer_words");
    await purchase({ email: "zorblax@example.com", ...namedTo("Zorblax Quimbert") });
    expect(await found("quimbert")).toEqual([]);
    expect(await rows("SELECT seq, version FROM customers WHERE email GLOB 'zorblax@*'")).toEqual([
      { seq: expect.any(Number), version: 1 },
    ]);
    await purchase({ email: "zorblax@example.com", ...namedTo("Zorblax Marvin") });
    expect(await found("marvin")).toEqual(["zorblax@example.com"]);
    expect(await promised()).toHaveLength(3);
  });

  it("whose order goes without a parcel, by their address", async () => {
    await purchase({ email: "nameless@example.com", shippingAddress: undefined });
    await rows("UPDATE customers SET name = NULL WHERE email = 'nameless@example.com'");
    await fillWhole();
    expect(await found("nameless")).toEqual(["nameless@example.com"]);
  });

  it("once they are one, and not before their money has come", async () => {
    const { paymentUrl } = await orderFor({ email: "waits@example.com" });
    expect(await found("waits")).toEqual([]);
    await stripe.pay(paymentUrl);
    await deliverAll();
    expect(await found("waits")).toEqual(["waits@example.com"]);
  });

  it("uses no number of a customer up for a guest who has bought before", async () => {
    for (const email of ["a@example.com", "a@example.com", "a@example.com", "b@example.com"])
      await purchase({ email });
    const [a, b] = await rows<{ seq: number }>(
      "SELECT seq FROM customers WHERE email GLOB '?@example.com' ORDER BY seq",
    );
    expect((b?.seq ?? 0) - (a?.seq ?? 0)).toBe(1);
  });
});

describe("Whoever the index has found", () => {
  it("is shown only if they are called so still, which the shop's database says", async () => {
    await people({
      "1@x.test": "Zorblax One",
      "2@x.test": "Zorblax Two",
      "3@x.test": "Zorblax Three",
    });
    await rows("UPDATE customers SET name = 'Grace Two' WHERE email = '2@x.test'");
    await rows("DELETE FROM customers WHERE email = '1@x.test'");
    expect(emailsOf(await find("zorblax"))).toEqual(["3@x.test"]);
    expect(emailsOf(await find("two"))).toEqual(["2@x.test"]);
    // A page that has lost one goes on all the same.
    const { body } = await find("zorblax", "&pageSize=2");
    expect([body.data.length, body.meta.nextCursor]).toEqual([1, expect.any(String)]);
  });

  it("keeps their number and their id, which the index has them by", async () => {
    await people({ "1@x.test": "Zorblax One" });
    for (const change of ["seq = 99", "id = 'cus_other'"])
      await expect(rows(`UPDATE customers SET ${change}`)).rejects.toThrow("keep their place");
  });
});

describe("Whoever is forgotten", () => {
  const forget = async (email: string) => {
    const answer = await asAdmin("DELETE", `/api/v1/customers/${await customerId(email)}`);
    expect(answer.status).toBe(204);
  };
  /** Where the index has these letters, in whichever of its tables. */
  const traces = async (letters: string) => {
    const [one] = await indexRows<{ n: number }>(
      `SELECT (SELECT count(*) FROM customer_words_data WHERE instr(block, CAST(?1 AS BLOB)) > 0)
        + (SELECT count(*) FROM customer_words_content WHERE instr(c0, ?1) > 0)
        + (SELECT count(*) FROM customer_words WHERE customer_words MATCH ?1) AS n`,
      letters,
    );
    return one?.n;
  };
  const sent = async () => {
    const guest = { email: "xylo@example.com", ...namedTo("Quimbert Vogon") };
    const { orderId } = await purchase(guest);
    await asAdmin("POST", `/api/v1/orders/${orderId}/fulfillments`, { body: {} });
    await settle();
    const [row] = await rows<{ id: string; seq: number }>(
      "SELECT id, seq FROM customers WHERE email = ?",
      guest.email,
    );
    return { ...guest, customerId: row?.id ?? "", seq: row?.seq ?? 0 };
  };

  it("is found at once no more, and is nowhere in the index once it has heard", async () => {
    const other = { email: "other@example.com", ...namedTo("Jane Roe") };
    await purchase(other);
    const { customerId: id, seq } = await sent();
    expect(await found("quimbert")).toEqual(["xylo@example.com"]);
    for (const word of ["quimbert", "vogon", "xylo"])
      expect([word, await traces(word)]).toEqual([word, 3]);
    await forget("xylo@example.com");
    expect(emailsOf(await find("quimbert"))).toEqual([]);
    await settle();
    for (const word of ["quimbert", "vogon", "xylo"])
      expect([word, await traces(word)]).toEqual([word, 0]);
    expect(await indexRows("SELECT customer_id FROM indexed_customers WHERE seq = ?", seq)).toEqual(
      [{ customer_id: id }],
    );
    expect(await found("roe")).toEqual(["other@example.com"]);
    await fillWhole();
    expect(await indexRows("SELECT * FROM indexed_customers WHERE seq = ?", seq)).toEqual([]);
    expect(await indexRows("SELECT rowid FROM customer_words WHERE rowid = ?", seq)).toEqual([]);
  });

  it("stays so when somebody comes late with what they were", async () => {
    const { email } = await sent();
    const happens = async () => {
      await forget(email);
      await settle();
    };
    await rows("UPDATE customers SET name = 'Quimbert Late' WHERE email = ?", email);
    await late(happens, email);
    expect([await traces("quimbert"), await traces("xylo")]).toEqual([0, 0]);
  });

  it("stays so when the index was filled anew meanwhile", async () => {
    const { email } = await sent();
    const happens = async () => {
      await forget(email);
      await settle();
      await fillWhole(); // which takes out what stood for whoever is gone
    };
    await rows("UPDATE customers SET name = 'Quimbert Late' WHERE email = ?", email);
    await late(happens, email);
    expect([await traces("quimbert"), await traces("xylo")]).toEqual([0, 0]);
  });

  it("gives nobody else their number", async () => {
    const { seq, email } = await sent();
    await forget(email);
    await purchase({ email: "next@example.com" });
    const [next] = await rows<{ seq: number }>(
      "SELECT seq FROM customers WHERE email = 'next@example.com'",
    );
    expect(next?.seq).toBeGreaterThan(seq);
  });

  it("loses their name alone, where a guest has bought with an address that they have only said is theirs", async () => {
    await sent();
    const person = await registerPerson("xylo@example.com");
    expect(await found("lovelace")).toEqual(["xylo@example.com"]);
    const body = { currentPassword: "correct horse battery staple" };
    expect((await as(person, "DELETE", "/api/v1/me", { body })).status).toBe(204);
    expect(await found("lovelace")).toEqual([]);
    expect(await found("xylo")).toEqual(["xylo@example.com"]);
    expect(await traces("lovelace")).toBe(0);
  });

  it("is told as often as anybody likes", async () => {
    const { customerId: id, seq, email } = await sent();
    for (let times = 0; times < 2; times += 1)
      await indexCustomer(systemContext(), { customerId: id, seq });
    expect(await found("quimbert")).toEqual([email]);
    await forget(email);
    for (let times = 0; times < 2; times += 1)
      await indexCustomer(systemContext(), { customerId: id, seq });
    expect(await traces("quimbert")).toBe(0);
  });
});

/** The job of whoever has this address, while which something happens: right before it writes what it has read. */
async function late(happens: () => Promise<unknown>, email: string): Promise<void> {
  const search = databaseInterrupted(/INSERT INTO indexed_customers/, happens, env.SEARCH);
  const ctx = createContext(servicesWith({ SEARCH: search as D1Database }), {
    requestId: "req_late",
    actor: { kind: "system", label: "system", address: "" },
    later: () => undefined,
    log: { event: "test" },
  });
  await indexBuyer(ctx, { email });
}

describe("The index of customers", () => {
  it("is made anew from the database, for all that there are, and forgets those that there are not", async () => {
    await purchase({ email: "ada@example.com", ...namedTo("Zorblax Hooper") });
    await indexRows("DELETE FROM indexed_customers");
    await indexRows("DELETE FROM customer_words");
    await indexRows("INSERT INTO indexed_customers VALUES (99999, 'cus_gone', 1, 1)");
    await indexRows("INSERT INTO customer_words (rowid, words) VALUES (99999, 'hooper')");
    expect(await found("ada")).toEqual([]);
    await fillWhole();
    expect(await found("hooper")).toEqual(["ada@example.com"]);
    const everybody = await rows(
      "SELECT seq, id AS customer_id, version FROM customers ORDER BY seq",
    );
    expect(
      await indexRows("SELECT seq, customer_id, version FROM indexed_customers ORDER BY seq"),
    ).toEqual(everybody);
    expect(await indexRows("SELECT rowid FROM customer_words")).toHaveLength(everybody.length);
  });

  it("is filled by the cron in steps, and closes nothing else until then", async () => {
    await theAdmin();
    for (let i = 0; i < 450; i += 1)
      await rows(
        "INSERT INTO customers (id, email, name, created_at) VALUES (?, ?, 'Mia Nobody', 1)",
        ...[`cus_${i}`, `m${i}@example.com`],
      );
    await purchase({ email: "ada@example.com" });
    await indexRows("DELETE FROM indexed_customers");
    await indexRows("DELETE FROM customer_words");
    await indexRows(
      "UPDATE index_state SET generation = 1, through = 0, filled = 0 WHERE kind = 'customers'",
    );
    expect(refusal(await find("ada"))).toEqual([503, "UNAVAILABLE"]);
    expect((await call("GET", "/health/ready")).body.data.checks.search.status).toBe("down");
    expect((await asAdmin("GET", "/api/v1/orders?q=ada")).body.data).toHaveLength(1);
    expect((await asAdmin("GET", "/api/v1/customers")).status).toBe(200);
    await cronOver(servicesWith(), MINUTE);
    expect((await call("GET", "/health/ready")).body.data.checks.search.status).toBe("up");
    expect((await find("nobody", "&include=total")).body.meta.total).toBe(450);
    expect(emailsOf(await find("ada"))).toEqual(["ada@example.com"]);
  });

  it("is not needed for a list without words", async () => {
    await makeMember();
    const shop = shopOver(env.DB, {
      bindings: { ...env, SEARCH: brokenDatabase("D1_ERROR: gone") as D1Database },
    });
    expect((await shop.asAdmin("GET", "/api/v1/customers?include=total")).status).toBe(200);
    const search = await shop.asAdmin("GET", "/api/v1/customers?q=ada");
    expect(refusal(search)).toEqual([503, "UNAVAILABLE"]);
    expect((await shop.asAdmin("GET", "/api/v1/customers?q=!!!")).body.data).toEqual([]);
  });
});
