import type Stripe from "stripe";
import { describe, expect, it } from "vitest";
import { form, post } from "./stripe-emulator-form.ts";
import { lineItem, openShop, sessionParams } from "./stripe-emulator-support.ts";

const inCurrency = (code: string) => ({ "line_items[0][price_data][currency]": code });

const REFUSED: [what: string, fields: Record<string, string>, error: object][] = [
  [
    "an unknown parameter",
    { foo: "1" },
    { code: "parameter_unknown", param: "foo", message: "Received unknown parameter: foo" },
  ],
  [
    "an unknown parameter inside a line",
    { "line_items[0][colour]": "red" },
    { code: "parameter_unknown", param: "line_items[0][colour]" },
  ],
  [
    "a parameter that is not emulated",
    { "tax_id_collection[enabled]": "true" },
    { message: expect.stringContaining("does not emulate") },
  ],
  ["a mode that is not emulated", { mode: "subscription" }, { param: "mode" }],
  [
    "a mode that does not exist",
    { mode: "gift" },
    { param: "mode", message: "Invalid mode: must be one of payment, setup, or subscription" },
  ],
  [
    "an amount that is no integer",
    { "line_items[0][price_data][unit_amount]": "10.5" },
    {
      code: "parameter_invalid_integer",
      param: "line_items[0][price_data][unit_amount]",
      message: "Invalid integer: 10.5",
    },
  ],
  [
    "an amount below zero",
    { "line_items[0][price_data][unit_amount]": "-1" },
    { code: "parameter_invalid_integer" },
  ],
  [
    "an amount of nine digits",
    { "line_items[0][price_data][unit_amount]": "100000000" },
    { code: "parameter_invalid_integer" },
  ],
  [
    "more than eight digits of a currency whose cents are always 00",
    { ...inCurrency("isk"), "line_items[0][price_data][unit_amount]": "100000000" },
    { code: "parameter_invalid_integer", param: "line_items[0][price_data][unit_amount]" },
  ],
  [
    "more than nine digits of rupees",
    { ...inCurrency("inr"), "line_items[0][price_data][unit_amount]": "1000000000" },
    { message: expect.stringContaining("less than or equal to 999999999 in inr") },
  ],
  [
    "a fraction of a króna",
    { ...inCurrency("isk"), "line_items[0][price_data][unit_amount]": "490050" },
    { message: expect.stringContaining("divisible by 100") },
  ],
  [
    "a thousandth of a dinar",
    { ...inCurrency("kwd"), "line_items[0][price_data][unit_amount]": "12345" },
    { message: expect.stringContaining("divisible by 10 ") },
  ],
  [
    "a thousandth of a dinar for the delivery",
    {
      ...inCurrency("kwd"),
      "shipping_options[0][shipping_rate_data][display_name]": "Post",
      "shipping_options[0][shipping_rate_data][fixed_amount][amount]": "1005",
      "shipping_options[0][shipping_rate_data][fixed_amount][currency]": "kwd",
    },
    { param: "shipping_options[0][shipping_rate_data][fixed_amount][amount]" },
  ],
  [
    "a total above the maximum",
    { "line_items[0][price_data][unit_amount]": "99999999", "line_items[0][quantity]": "2" },
    { code: "amount_too_large" },
  ],
  [
    "a total below the minimum",
    { "line_items[0][price_data][unit_amount]": "49" },
    { code: "amount_too_small", message: expect.stringContaining("$0.50") },
  ],
  [
    "a yen total below the minimum",
    {
      "line_items[0][price_data][currency]": "jpy",
      "line_items[0][price_data][unit_amount]": "49",
    },
    { code: "amount_too_small" },
  ],
  [
    "a quantity of zero",
    { "line_items[0][quantity]": "0" },
    { code: "parameter_invalid_integer", param: "line_items[0][quantity]" },
  ],
  [
    "a currency that does not exist",
    { "line_items[0][price_data][currency]": "xyz" },
    {
      param: "line_items[0][price_data][currency]",
      message: expect.stringContaining("Invalid currency: xyz"),
    },
  ],
  [
    "an empty name",
    { "line_items[0][price_data][product_data][name]": "" },
    { code: "parameter_invalid_empty" },
  ],
  [
    "a success_url that is no URL",
    { success_url: "shop/ok" },
    { code: "url_invalid", param: "success_url", message: "Not a valid URL" },
  ],
  [
    "a cancel_url with a script in it",
    { cancel_url: "javascript:alert(1)" },
    { code: "url_invalid", param: "cancel_url" },
  ],
  [
    "an image that is no URL",
    { "line_items[0][price_data][product_data][images][0]": "mug.jpg" },
    { code: "url_invalid" },
  ],
  [
    "an email that is none",
    { customer_email: "ada" },
    { code: "email_invalid", param: "customer_email" },
  ],
  [
    "a reference that is too long",
    { client_reference_id: "x".repeat(201) },
    { param: "client_reference_id" },
  ],
  [
    "a metadata key of 41 characters",
    { [`metadata[${"k".repeat(41)}]`]: "v" },
    { param: "metadata", message: expect.stringContaining("40 characters") },
  ],
  [
    "a metadata value of 501 characters",
    { "metadata[k]": "v".repeat(501) },
    { message: expect.stringContaining("500 characters") },
  ],
  ["nested metadata", { "metadata[k][l]": "v" }, { param: "metadata" }],
  ["an unknown locale", { locale: "tlh" }, { param: "locale" }],
  [
    "an unknown payment method",
    { "allowed_payment_method_types[0]": "shells" },
    { param: "allowed_payment_method_types[0]" },
  ],
  [
    "payment methods that the currency does not allow",
    { "allowed_payment_method_types[0]": "sepa_debit" },
    { message: expect.stringContaining("No valid payment method types") },
  ],
  [
    "the parameter that this API version removed",
    { "payment_method_types[0]": "card" },
    { code: "payment_method_types_no_longer_supported", param: "payment_method_types" },
  ],
  [
    "a coupon that does not exist",
    { "discounts[0][coupon]": "NOPE" },
    { code: "resource_missing", message: "No such coupon: 'NOPE'" },
  ],
  [
    "a boolean that is none",
    { "automatic_tax[enabled]": "maybe" },
    { param: "automatic_tax[enabled]", message: "Invalid boolean: maybe" },
  ],
  ["a value where a group belongs", { payment_intent_data: "x" }, { param: "payment_intent_data" }],
];

describe("creating a checkout session refuses", () => {
  it.each(REFUSED)("%s", async (_what, fields, error) => {
    const { url } = await openShop();
    const answer = await post(url, form(fields));
    expect(answer.error).toMatchObject({ type: "invalid_request_error", ...error });
    expect([400, 404]).toContain(answer.status);
  });

  it.each([
    "mode",
    "success_url",
    "line_items[0][quantity]",
    "line_items[0][price_data][currency]",
    "line_items[0][price_data][unit_amount]",
    "line_items[0][price_data][product_data][name]",
  ])("a request without %s", async (param) => {
    const { url } = await openShop();
    const { status, error } = await post(url, form({}, [param]));
    expect(status).toBe(400);
    expect(error?.code).toBe("parameter_missing");
    expect(param).toContain(error?.param);
  });

  it("more than fifty metadata keys", async () => {
    const { stripe } = await openShop();
    const keys = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, "v"]));
    await stripe.checkout.sessions.create(sessionParams({ metadata: keys(50) }));
    await expect(
      stripe.checkout.sessions.create(sessionParams({ metadata: keys(51) })),
    ).rejects.toMatchObject({ message: expect.stringContaining("50 keys") });
  });

  it("lines of different currencies", async () => {
    const { stripe } = await openShop();
    const items = [lineItem({ currency: "eur" }), lineItem({ currency: "usd" })];
    await expect(
      stripe.checkout.sessions.create(sessionParams({ line_items: items })),
    ).rejects.toMatchObject({ param: "line_items[1][price_data][currency]" });
  });

  it("no lines, and more than a hundred", async () => {
    const { stripe } = await openShop();
    const create = (items: Stripe.Checkout.SessionCreateParams.LineItem[]) =>
      stripe.checkout.sessions.create(sessionParams({ line_items: items }));
    await expect(create([])).rejects.toMatchObject({ code: "parameter_missing" });
    await expect(create(Array.from({ length: 101 }, () => lineItem()))).rejects.toMatchObject({
      param: "line_items",
    });
  });

  it("nothing of a parameter called __proto__ but its name", async () => {
    const { url } = await openShop();
    const { error } = await post(url, `${form({})}&__proto__[polluted]=1`);
    expect(error).toMatchObject({ code: "parameter_unknown", param: "__proto__" });
    expect(Object.hasOwn(Object.prototype, "polluted")).toBe(false);
  });
});
