import { describe, expect, it } from "vitest";
import { discount, makeDiscount } from "../support/discounts.ts";
import { sendForm, sendWrongForm } from "../support/forms.ts";
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

const BROWSER = { Cookie: "__Host-guest=gb_000000000000000000000000000000000000" };

interface Sent {
  readonly status: number;
  readonly location: string;
}

/** Sends the checkout form of a hold as a browser without script does. */
async function send(holdId: string, fields: object): Promise<Sent> {
  const path = `/reservations/${holdId}/checkout`;
  const { status, headers } = await sendForm(path, { ...FORM, ...fields }, BROWSER);
  return { status, location: headers.get("Location") ?? "" };
}

/** The same where it cannot be followed; answers the page that says so. */
async function refuse(holdId: string, fields: object): Promise<string> {
  const path = `/reservations/${holdId}/checkout`;
  const form = { ...FORM, ...fields };
  return (await sendWrongForm(path, form, { headers: BROWSER })).text;
}

async function hold(amount = 2500): Promise<{ id: string; sku: string }> {
  const sku = await makeSku(5, { amount, currency: "USD" });
  const { body } = await reserve([{ sku, quantity: 1 }]);
  return { id: body.data.id, sku };
}

/** The words under the field, which its input names. */
const problemAt = (html: string) =>
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
    expect(sent.location).toContain("cs_");
    expect(await sessions()).toMatchObject([{ amount_total: 2250 }]);
    const again = await send(id, {});
    expect(again.location).toBe(sent.location);
  });

  it("says at its field why it is no good, keeps what was typed, and the hold", async () => {
    const { id, sku } = await hold();
    const refused = await refuse(id, { discountCode: "NOBODY" });
    expect(problemAt(refused)).toBe("There is no such discount code.");
    expect(refused).toContain('value="NOBODY"');
    expect(refused).toContain('aria-describedby="discountCode-error"');
    expect(refused).toContain('<a href="#discountCode">');
    expect(refused).toContain('value="London"');
    expect(await level(sku)).toMatchObject({ reserved: 1 });
    expect(problemAt(await refuse(id, { discountCode: "SPRING SALE!" }))).toBe(
      "Check the code: it has letters and digits.",
    );
  });

  it("may be tried again: another code, the same from another address, or none", async () => {
    const { code } = await makeDiscount({ maxUsesPerCustomer: 1 });
    const first = await hold();
    expect((await send(first.id, { discountCode: code })).location).toContain("cs_");
    const { id } = await hold();
    expect(problemAt(await refuse(id, { discountCode: "NOBODY" }))).toContain("no such");
    const used = await refuse(id, { discountCode: code });
    expect(problemAt(used)).toBe("You have used this code as often as it may be used.");
    const sent = await send(id, { discountCode: code, email: "grace@example.com" });
    expect(sent.location).toContain("cs_");
    const other = await hold();
    expect(problemAt(await refuse(other.id, { discountCode: "NOBODY" }))).toContain("no such");
    expect((await send(other.id, {})).location).toContain("cs_");
  });

  it("says at its field that it leaves too little to pay, and the hold can be paid without it", async () => {
    const { code } = await makeDiscount({ kind: "percentage", percentOff: 50 });
    const { id, sku } = await hold(60);
    const refused = await refuse(id, { discountCode: code });
    expect(problemAt(refused)).toBe(
      "This code would leave too little to pay. Choose something more, or leave the code out.",
    );
    expect(refused).toContain(`value="${code}"`);
    expect(await level(sku)).toMatchObject({ reserved: 1 });
    expect(problemAt(await refuse(id, { discountCode: code }))).toContain("too little");
    expect((await send(id, {})).location).toContain("cs_");
    expect(await sessions()).toMatchObject([{ amount_total: 60 }]);
  });

  it("is used once by two clicks at once", async () => {
    const made = await makeDiscount();
    const { id } = await hold();
    const clicks = await Promise.all([1, 2].map(() => send(id, { discountCode: made.code })));
    for (const { location } of clicks) expect(location).toContain("cs_");
    expect(new Set(clicks.map(({ location }) => location)).size).toBe(1);
    expect(await discount(made)).toMatchObject({ uses: 1 });
  });
});
