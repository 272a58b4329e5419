import { describe, expect, it } from "vitest";
import { form, post } from "./stripe-emulator-form.ts";
import { openShop } from "./stripe-emulator-support.ts";

describe("a request", () => {
  it("is told how to authenticate when it has no key", async () => {
    const { url } = await openShop();
    const { status, error, headers } = await post(url, form({}), { Authorization: "" });
    expect(status).toBe(401);
    expect(error?.message).toContain("You did not provide an API key");
    expect(headers.get("www-authenticate")).toContain("Bearer");
  });

  it("is refused with a live key, which is not repeated", async () => {
    const shop = await openShop();
    await expect(
      shop.sdk("sk_live_abcdefghijklmnop").checkout.sessions.list(),
    ).rejects.toMatchObject({
      type: "StripeAuthenticationError",
      message: expect.not.stringContaining("abcdefgh"),
    });
  });

  it("is refused as JSON", async () => {
    const { url } = await openShop();
    const { error } = await post(url, "{}", { "Content-Type": "application/json" });
    expect(error?.message).toContain("application/x-www-form-urlencoded");
  });

  it("gets 404 for an address that does not exist", async () => {
    const shop = await openShop();
    await expect(shop.stripe.products.list()).rejects.toMatchObject({
      statusCode: 404,
      message: expect.stringContaining("Unrecognized request URL (GET: /v1/products)"),
    });
  });

  it("is refused with a page size outside one to a hundred", async () => {
    const { stripe } = await openShop();
    await expect(stripe.events.list({ limit: 101 })).rejects.toMatchObject({ param: "limit" });
    await expect(stripe.events.list({ limit: 0 })).rejects.toMatchObject({ param: "limit" });
  });

  it("has a documented error page and a request log", async () => {
    const { url } = await openShop();
    const { error, headers } = await post(url, form({ foo: "1" }));
    expect(error).toMatchObject({
      doc_url: "https://stripe.com/docs/error-codes/parameter-unknown",
      request_log_url: expect.stringContaining(headers.get("request-id") ?? "nothing"),
    });
  });
});
