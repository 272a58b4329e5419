import { exports } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { makeMember, makeSession } from "../support/credentials.ts";
import { makeSku, reserve, reserveAs, toPaymentPage } from "../support/shop.ts";
import { deliverAll, stripe } from "../support/stripe.ts";
import { rows, settle, useWorld } from "../support/world.ts";

useWorld();

const TYPED = {
  email: "ada@example.com",
  name: "Ada Lovelace",
  line1: "12 St James's Square",
  postalCode: "SW1Y 4JH",
  city: "London",
  country: "GB",
};
const COOKIE =
  /^(__Host-guest=gb_[A-Za-z0-9]{30,40}); Max-Age=\d+; Path=\/; HttpOnly; Secure; SameSite=Lax$/;

/** A browser: it keeps what it is given, and follows nothing by itself. */
class Browser {
  cookie: string | undefined;

  async open(path: string, form?: object): Promise<Response> {
    const headers: Record<string, string> =
      this.cookie === undefined ? {} : { Cookie: this.cookie };
    const sent = form && {
      method: "POST",
      body: new URLSearchParams({ ...form }).toString(),
      headers: {
        ...headers,
        "Content-Type": "application/x-www-form-urlencoded",
        Origin: "https://shop.test",
        "Sec-Fetch-Site": "same-origin",
      },
    };
    const answer = await exports.default.fetch(`https://shop.test${path}`, {
      redirect: "manual",
      ...(sent ?? { headers }),
    });
    this.cookie = COOKIE.exec(answer.headers.get("Set-Cookie") ?? "")?.[1] ?? this.cookie;
    return answer;
  }

  async status(path: string, form?: object): Promise<number> {
    const { status, body } = await this.open(path, form);
    await body?.cancel();
    return status;
  }
}

async function holdPage(): Promise<string> {
  const { body } = await reserve([{ sku: await makeSku(5), quantity: 1 }]);
  return `/reservations/${body.data.id}`;
}

/** Whoever has made a hold hands its address to somebody else, who checks it out. */
async function checkedOutByAnother() {
  const page = await holdPage();
  const [maker, buyer] = [new Browser(), new Browser()];
  for (const browser of [maker, buyer]) expect(await browser.status(page)).toBe(200);
  const sent = await buyer.open(`${page}/checkout`, TYPED);
  expect(sent.status).toBe(303);
  return { page, maker, buyer, paymentUrl: sent.headers.get("Location") ?? "" };
}

/** Nobody is signed in, and it is not shown: the browser is led to the sign-in, which leads back. */
async function expectSignIn(
  browser: Browser,
  path: string,
  { back = path, form }: { back?: string; form?: object } = {},
): Promise<void> {
  const answer = await browser.open(path, form);
  await answer.body?.cancel();
  const next = `/sign-in?${new URLSearchParams({ next: back })}`;
  expect([path, answer.status, answer.headers.get("Location")]).toEqual([path, 303, next]);
}

describe("The page of a hold that is not there for a browser in which nobody is signed in", () => {
  it("leads to the sign-in, of an account's hold and of one that nobody has made alike", async () => {
    const buyer = await makeMember();
    const mine = await reserveAs(buyer, [{ sku: await makeSku(5), quantity: 1 }]);
    for (const id of [mine.body.data.id, "rsv_00000000000000000000000000", "nope"]) {
      const page = `/reservations/${id}`;
      await expectSignIn(new Browser(), page);
      await expectSignIn(new Browser(), `${page}/order`);
      for (const form of ["checkout", "release"])
        await expectSignIn(new Browser(), `${page}/${form}`, { back: page, form: TYPED });
    }
    expect(await rows("SELECT status FROM reservations")).toEqual([{ status: "held" }]);
  });

  it("is not there for somebody else who is signed in", async () => {
    const mine = await reserveAs(await makeMember(), [{ sku: await makeSku(5), quantity: 1 }]);
    const session = await makeSession((await makeMember()).id, "browser");
    const browser = new Browser();
    browser.cookie = `__Host-session=${session.refreshToken}`;
    expect(await browser.status(`/reservations/${mine.body.data.id}`)).toBe(404);
    expect(await browser.status("/reservations/nope/order")).toBe(404);
  });
});

describe("The page of a hold that has an order", () => {
  it("is shown to the browser that made the order, and leads it to the order", async () => {
    const { page, buyer } = await checkedOutByAnother();
    const words = await (await buyer.open(page)).text();
    expect(words).toContain("One step left: your payment");
    const way = await buyer.open(`${page}/order`);
    expect(way.status).toBe(303);
    const order = way.headers.get("Location") ?? "";
    expect(order).toMatch(/^\/orders\/ord_\w+\?token=ot_/);
    expect(await (await buyer.open(order)).text()).toContain(TYPED.line1.slice(0, 5));
  });

  it("is not there for whoever knows its address, even those who made the hold", async () => {
    const { page, maker } = await checkedOutByAnother();
    for (const browser of [maker, new Browser()]) {
      for (const path of [page, `${page}/order`]) await expectSignIn(browser, path);
      expect(await browser.status(`${page}/countdown.svg`)).toBe(404);
      for (const form of ["checkout", "release"])
        await expectSignIn(browser, `${page}/${form}`, { back: page, form: TYPED });
    }
    expect(await rows("SELECT status FROM orders")).toEqual([{ status: "pending_payment" }]);
  });

  it("is not there for any browser when the order was made by a program, which has its token", async () => {
    const at = await toPaymentPage();
    const page = `/reservations/${at.reservationId}`;
    const browser = new Browser();
    await browser.open(await holdPage());
    expect(browser.cookie).toBeDefined();
    await expectSignIn(browser, page);
    await expectSignIn(browser, `${page}/order`);
  });

  it("leads its browser to the order also after the order has joined an account by its address", async () => {
    const owner = await makeMember();
    await rows(
      "UPDATE users SET email_verified_at = 1, email = ? WHERE id = ?",
      TYPED.email,
      owner.id,
    );
    const { page, buyer, paymentUrl } = await checkedOutByAnother();
    await stripe.pay(paymentUrl);
    await deliverAll();
    await settle();
    expect(await rows("SELECT account_id AS id FROM orders")).toEqual([{ id: owner.accountId }]);
    const order = (await buyer.open(`${page}/order`)).headers.get("Location") ?? "";
    expect(await buyer.status(order)).toBe(200);
  });

  it("is the account's where its buyer was signed in, and after they have signed out their browser is led to sign in, and back", async () => {
    const page = await holdPage();
    const browser = new Browser();
    await browser.open(page);
    const guest = browser.cookie ?? "";
    const session = await makeSession((await makeMember()).id, "browser");
    browser.cookie = `${guest}; __Host-session=${session.refreshToken}`;
    expect(await browser.status(`${page}/checkout`, TYPED)).toBe(303);
    browser.cookie = `${guest}; __Host-session=${session.refreshToken}`;
    expect(await browser.status(page)).toBe(200);
    browser.cookie = guest;
    await expectSignIn(browser, page);
    const signIn = await browser.open(`/sign-in?${new URLSearchParams({ next: page })}`);
    const words = await signIn.text();
    expect(words).toContain("A reservation that was made with an account is shown when you are");
    expect(words).toContain(`name="next" value="${page}"`);
  });
});

describe("The browser of a guest", () => {
  it("has its secret before it sends the form, so that an answer that is lost costs it nothing", async () => {
    const page = await holdPage();
    const browser = new Browser();
    await browser.open(page);
    const before = browser.cookie;
    expect(before).toBeDefined();
    await browser.open(`${page}/checkout`, TYPED);
    expect(browser.cookie).toBe(before);
    expect(await browser.status(page)).toBe(200);
  });

  it("is known to the shop by a hash only", async () => {
    const { buyer } = await checkedOutByAnother();
    const [row] = await rows<{ hash: string }>("SELECT browser_hash AS hash FROM orders");
    expect(row?.hash).toMatch(/^[\w-]{43}$/);
    expect(JSON.stringify(await rows("SELECT * FROM orders"))).not.toContain(
      (buyer.cookie ?? "").split("=")[1],
    );
  });
});
