import { exports } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { discount, makeDiscount } from "../support/discounts.ts";
import { level, makeSku, reserve } from "../support/shop.ts";
import { sessions } from "../support/stripe.ts";
import { rows, useWorld } from "../support/world.ts";

useWorld();

const FORM = {
  email: "Ada@Example.com",
  name: "Ada Lovelace",
  line1: "12 St James's Square",
  postalCode: "SW1Y 4JH",
  city: "London",
  country: "GB",
};

interface Page {
  readonly status: number;
  readonly location: string | null;
  readonly html: string;
}

/** Sends the checkout form of a hold as a browser without script does. */
async function send(holdId: string, fields: object): Promise<Page> {
  const answer = await exports.default.fetch(`https://shop.test/reservations/${holdId}/checkout`, {
    method: "POST",
    redirect: "manual",
    headers: {
      "Content-Type": "application/x-www-form-urlencoded",
      Cookie: "__Host-guest=gb_000000000000000000000000000000000000",
      Origin: "https://shop.test",
      "Sec-Fetch-Site": "same-origin",
    },
    body: new URLSearchParams({ ...FORM, ...fields }).toString(),
  });
  const location = answer.headers.get("Location");
  return { status: answer.status, location, html: await answer.text() };
}

async function hold(amount = 2500): Promise<{ id: string; sku: string }> {
  const sku = await makeSku(5, { amount, currency: "USD" });
  const { body } = await reserve([{ sku, quantity: 1 }]);
  return { id: body.data.id, sku };
}

/** The words under the field, which its input names. */
const problemAt = ({ html }: Page) =>
  /<p class="field-error" id="discountCode-error">([^<]*)<\/p>/.exec(html)?.[1];

describe("The discount code of the checkout form", () => {
  it("is optional", async () => {
    const { id } = await hold();
    const sent = await send(id, { discountCode: "  " });
    expect(sent).toMatchObject({ status: 303, location: expect.stringContaining("cs_") });
    expect(await rows("SELECT discount_code, email FROM orders")).toEqual([
      { discount_code: null, email: "ada@example.com" },
    ]);
  });

  it("is taken off what is paid", async () => {
    const { code } = await makeDiscount();
    const { id } = await hold();
    const sent = await send(id, { discountCode: ` ${code.toLowerCase()} ` });
    expect(sent.status).toBe(303);
    expect(await sessions()).toMatchObject([{ amount_total: 2250 }]);
    const again = await send(id, {});
    expect(again.location).toBe(sent.location);
  });

  it("says at its field why it is no good, keeps what was typed, and the hold", async () => {
    const { id, sku } = await hold();
    const refused = await send(id, { discountCode: "NOBODY" });
    expect(refused.status).toBe(422);
    expect(problemAt(refused)).toBe("There is no such discount code.");
    expect(refused.html).toContain('value="NOBODY"');
    expect(refused.html).toContain('aria-describedby="discountCode-error"');
    expect(refused.html).toContain('<a href="#discountCode">');
    expect(refused.html).toContain('value="London"');
    expect(await level(sku)).toMatchObject({ reserved: 1 });
    expect(problemAt(await send(id, { discountCode: "SPRING SALE!" }))).toBe(
      "Check the code: it has letters and digits.",
    );
  });

  it("may be tried again: another code, the same from another address, or none", async () => {
    const { code } = await makeDiscount({ maxUsesPerCustomer: 1 });
    const first = await hold();
    expect((await send(first.id, { discountCode: code })).status).toBe(303);
    const { id } = await hold();
    expect(problemAt(await send(id, { discountCode: "NOBODY" }))).toContain("no such");
    const used = await send(id, { discountCode: code });
    expect(problemAt(used)).toBe("You have used this code as often as it may be used.");
    const sent = await send(id, { discountCode: code, email: "grace@example.com" });
    expect(sent.status).toBe(303);
    const other = await hold();
    expect((await send(other.id, { discountCode: "NOBODY" })).status).toBe(422);
    expect((await send(other.id, {})).status).toBe(303);
  });

  it("says at its field that it leaves too little to pay, and the hold can be paid without it", async () => {
    const { code } = await makeDiscount({ kind: "percentage", percentOff: 50 });
    const { id, sku } = await hold(60);
    const refused = await send(id, { discountCode: code });
    expect(refused.status).toBe(422);
    expect(problemAt(refused)).toBe(
      "This code would leave too little to pay. Choose something more, or leave the code out.",
    );
    expect(refused.html).toContain(`value="${code}"`);
    expect(await level(sku)).toMatchObject({ reserved: 1 });
    expect(problemAt(await send(id, { discountCode: code }))).toContain("too little");
    expect((await send(id, {})).status).toBe(303);
    expect(await sessions()).toMatchObject([{ amount_total: 60 }]);
  });

  it("is used once by two clicks at once", async () => {
    const made = await makeDiscount();
    const { id } = await hold();
    const clicks = await Promise.all([1, 2].map(() => send(id, { discountCode: made.code })));
    expect(clicks.map(({ status }) => status)).toEqual([303, 303]);
    expect(new Set(clicks.map(({ location }) => location)).size).toBe(1);
    expect(await discount(made)).toMatchObject({ uses: 1 });
  });
});
