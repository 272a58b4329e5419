import { describe, expect, it } from "vitest";
import { makeDiscount } from "../support/discounts.ts";
import { sendForm, sendWrongForm } from "../support/forms.ts";
import { browserOf, holdWords } from "../support/page-words.ts";
import { makeSku, reserve } from "../support/shop.ts";
import { sessions } from "../support/stripe.ts";
import { rows, useWorld } from "../support/world.ts";

useWorld();

const TYPED = {
  email: "ada@example.com",
  name: "Ada Lovelace",
  line1: "12 St James's Square",
  line2: "Floor 3",
  region: "",
  postalCode: "SW1Y 4JH",
  city: "London",
  country: "GB",
  discountCode: "",
};

async function ordered(fields: Record<string, string> = {}) {
  const { body } = await reserve([{ sku: await makeSku(5), quantity: 1 }]);
  const reservationId: string = body.data.id;
  const path = `/reservations/${reservationId}/checkout`;
  const headers = await browserOf(reservationId);
  const send = (form: Record<string, string>) => sendForm(path, form, headers);
  const sent = await send({ ...TYPED, ...fields });
  expect(sent.headers.get("Location")).toContain("cs_");
  return { reservationId, send, paymentUrl: sent.headers.get("Location") };
}

describe("A second tab of a hold that has an order by now", () => {
  it.each([
    ["another e-mail address", { email: "grace@example.com" }, "Email"],
    ["another address", { line1: "1 Infinite Loop", city: "York" }, "Address, City"],
    ["another country", { country: "DE" }, "Country"],
    ["no floor any more", { line2: "" }, "Apartment, floor, company"],
    ["a code", { discountCode: "welcome10" }, "Discount code"],
    ["an address that is none", { email: "grace@" }, "Email"],
  ])("is told that %s was not taken over, and what the order has", async (_, other, labels) => {
    await makeDiscount({ code: "WELCOME10" });
    const { reservationId } = await ordered();
    const answer = await sendWrongForm(
      `/reservations/${reservationId}/checkout`,
      { ...TYPED, ...other },
      { headers: await browserOf(reservationId) },
    );
    expect(answer.text).toContain(`with something else in: ${labels}. Nothing of what you have`);
    const words = await holdWords({ reservationId });
    expect(words).toContain("Receipt to ada@example.com");
    expect(words).toContain("Ada Lovelace, 12 St James&#39;s Square, Floor 3, SW1Y 4JH London");
    expect(words).toContain("Giving it back cancels the order and closes its payment page.");
    expect(await rows("SELECT email FROM orders")).toEqual([{ email: "ada@example.com" }]);
    expect(await sessions()).toHaveLength(1);
  });

  it.each([
    ["the same, typed a little differently", { ...TYPED, email: " ADA@example.com " }],
    ["the same without the code that the order has", TYPED],
    ["the same with the code in small letters", { ...TYPED, discountCode: " welcome10" }],
    ["nothing, but for the country that is chosen before anybody chooses", { country: "DE" }],
    ["nothing", {}],
  ])("goes on to the payment when it says %s", async (_, form) => {
    await makeDiscount({ code: "WELCOME10" });
    const { send, paymentUrl } = await ordered({ discountCode: "WELCOME10" });
    const again = await send(form);
    expect([again.status, again.headers.get("Location")]).toEqual([303, paymentUrl]);
  });
});
