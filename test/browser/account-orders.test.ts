import { describe, expect, it } from "vitest";
import { useBrowser } from "./support/browser.ts";
import { mailedLink, newAddress, register, signIn, signOut } from "./support/people.ts";
import { ADDRESS, checkOut, makeProduct, reserve, waitUntilPaid } from "./support/shopping.ts";

const { open } = useBrowser();
const SETTLE_MS = 90_000;

describe("What an account orders", () => {
  it("is bought with the address filled in, and read without a token", async () => {
    const product = await makeProduct(2);
    const page = await open();
    const email = await register(page);
    await reserve(page, product);
    expect(await page.getByLabel("Email", { exact: true }).inputValue()).toBe(email);
    expect(await page.getByLabel("Full name").inputValue()).toBe("Ada Lovelace");
    const hold = new URL(page.url()).pathname;
    for (const label of ["Address", "Postal code", "City"] as const)
      await page.getByLabel(label, { exact: true }).fill(ADDRESS[label]);
    await page.getByLabel("Country").selectOption("DE");
    await page.getByRole("button", { name: "Go on to the payment" }).click();
    await page.getByRole("button", { name: "Pay by card" }).click();
    await page.waitForURL(/\/orders\/ord_\w+$/);
    await page.getByRole("heading", { name: "Thank you. It is yours." }).waitFor();
    const order = new URL(page.url()).pathname;
    await page.goto("/account/orders");
    await page.getByRole("link", { name: /Order #\d+/ }).click();
    await page.waitForURL(`**${order}`);

    const stranger = await open();
    await stranger.goto(order);
    await stranger.waitForURL(/\/sign-in\?next=%2Forders%2F/);
    await stranger.goto(hold);
    await stranger.waitForURL(/\/sign-in\?next=%2Freservations%2F/);
    await register(stranger);
    for (const theirs of [order, hold]) {
      await stranger.goto(theirs);
      await stranger.getByRole("heading", { name: "There is nothing here" }).waitFor();
    }
    await stranger.goto("/account/orders");
    expect(await stranger.locator(".orders li").count()).toBe(0);
    await signOut(stranger);
    await stranger.goto(order);
    await signIn(stranger, email);
    await stranger.waitForURL(`**${order}`);
    await stranger.getByRole("heading", { name: "Thank you. It is yours." }).waitFor();
  });

  it("as a guest joins it once the address is verified, not before", async () => {
    const email = newAddress();
    const product = await makeProduct(1);
    const page = await open();
    await reserve(page, product);
    await checkOut(page, { ...ADDRESS, Email: email });
    await page.getByRole("button", { name: "Pay by card" }).click();
    const number = await waitUntilPaid(page);

    await register(page, email);
    await page.goto("/account/orders");
    expect(await page.locator(".orders li").count()).toBe(0);
    await page.goto(await mailedLink(email, "/verify-email?token="));
    await page.getByRole("button", { name: "Yes, verify it" }).click();
    await page.getByText("Your email address is verified.").waitFor();
    const orders = async () => {
      await page.goto("/account/orders");
      return (await page.locator("main").textContent()) ?? "";
    };
    await expect.poll(orders, { timeout: SETTLE_MS }).toContain(`Order #${number}`);
    await page.getByRole("link", { name: `Order #${number}` }).click();
    await page.waitForURL(/\/orders\/ord_\w+$/);
  });

  it("goes on at the payment when somebody signs in on the way", async () => {
    const page = await open();
    const email = await register(page);
    await signOut(page);
    await reserve(page, await makeProduct(1));
    const hold = page.url();
    await page.getByRole("link", { name: "Sign in", exact: true }).click();
    await signIn(page, email);
    await page.waitForURL(hold);
    expect(await page.getByLabel("Email", { exact: true }).inputValue()).toBe(email);
    await checkOut(page);
    await page.getByRole("button", { name: "Pay by card" }).click();
    await page.waitForURL(/\/orders\/ord_\w+$/);
  });
});
