import { describe, expect, it } from "vitest";
import { useBrowser } from "./support/browser.ts";
import { api, available, checkOut, makeProduct, reserve } from "./support/shopping.ts";

const { open } = useBrowser();

describe("A reservation", () => {
  it("is one hold when its button is pressed twice", async () => {
    const product = await makeProduct(5);
    const page = await open();
    await page.goto(`/products/${product.slug}`);
    await page.getByRole("button", { name: "Reserve for 15 minutes" }).dblclick();
    await page.waitForURL(/\/reservations\//);
    expect(await available(product.skus[0])).toBe(4);
  });

  it("is a new hold for another choice on the same page", async () => {
    const product = await makeProduct(5, 5);
    const page = await open();
    await reserve(page, product);
    const first = page.url();
    await page.goBack();
    await page.getByLabel("Kind 2").check();
    await page.getByRole("button", { name: "Reserve for 15 minutes" }).click();
    await page.waitForURL(/\/reservations\//);
    expect(page.url()).not.toBe(first);
    expect(await available(product.skus[1])).toBe(4);
  });

  it("is given back, and can be made again", async () => {
    const product = await makeProduct(1);
    const page = await open({ javaScriptEnabled: false });
    await reserve(page, product);
    await page.getByRole("button", { name: "Release it" }).click();
    await page.getByRole("heading", { name: "You have given it back" }).waitFor();
    expect(await available(product.skus[0])).toBe(1);
    await page.getByRole("link", { name: "Look again" }).click();
    await page.getByRole("button", { name: "Reserve for 15 minutes" }).click();
    await page.getByRole("heading", { name: "It is yours for now" }).waitFor();
  });

  it("is given back from the payment, whose page closes", async () => {
    const product = await makeProduct(1);
    const page = await open();
    await reserve(page, product);
    const hold = page.url();
    await checkOut(page);
    const paymentPage = page.url();
    await page.goto(hold);
    await page.getByRole("button", { name: "Release it" }).click();
    await page.getByRole("heading", { name: "This order was canceled" }).waitFor();
    expect(await available(product.skus[0])).toBe(1);
    await page.goto(paymentPage);
    expect(await page.textContent("h1")).toContain("expired");
  });

  it("shows no clock over the picture's digits, however late the picture without them comes", async () => {
    const page = await open();
    let letThrough: (() => void) | undefined;
    const asked = new Promise<void>((resolve) => {
      void page.route(/countdown\.svg.*digits=off/, async (route) => {
        resolve();
        await new Promise<void>((go) => {
          letThrough = go;
        });
        await route.continue();
      });
    });
    const { slug } = await makeProduct(1);
    await page.goto(`/products/${slug}`);
    await page.getByRole("button", { name: "Reserve for 15 minutes" }).click({ noWaitAfter: true });
    await page.waitForURL(/\/reservations\//, { waitUntil: "commit" });
    await asked;
    const clock = page.locator(".countdown .clock");
    await expect.poll(() => clock.textContent()).toMatch(/^1[45]:\d\d$/);
    expect(await clock.isVisible()).toBe(false);
    await expect.poll(() => letThrough !== undefined).toBe(true);
    letThrough?.();
    await clock.waitFor({ state: "visible" });
  });

  it("shows the time left with a script, and without one", async () => {
    const page = await open();
    await reserve(page, await makeProduct(1));
    const timer = page.getByRole("timer");
    expect(await timer.textContent()).toMatch(/^1[45]:\d\d$/);
    const seen = await timer.textContent();
    await expect.poll(() => timer.textContent(), { timeout: 10_000 }).not.toBe(seen);

    const plain = await open({ javaScriptEnabled: false });
    await plain.goto(page.url());
    expect(await plain.locator(".countdown").textContent()).toMatch(
      /Nobody else can buy it until \d/,
    );
    const picture = await plain.request.get(`${page.url()}/countdown.svg`);
    expect(picture.headers()["content-type"]).toBe("image/svg+xml");
    const drawn = await plain
      .locator(".ring img")
      .evaluate((image: HTMLImageElement) => image.naturalWidth);
    expect(drawn).toBe(120);
  });
});

describe("A refusal", () => {
  it("says by the quantity how many are left, and keeps the choice", async () => {
    const product = await makeProduct(9, 3);
    const page = await open({ javaScriptEnabled: false });
    await page.goto(`/products/${product.slug}`);
    await page.getByLabel("Kind 2").check();
    await page.getByLabel("How many").fill("4");
    await page.getByRole("button", { name: "Reserve for 15 minutes" }).click();
    await page.getByText("Nothing was reserved.").waitFor();
    expect(await page.locator("#quantity-error").textContent()).toBe(
      "Only 3 are left, and you asked for 4. Enter 3 or fewer.",
    );
    expect(await page.getByLabel("How many").inputValue()).toBe("4");
    expect(await page.getByLabel("Kind 2").isChecked()).toBe(true);

    await page.getByLabel("How many").fill("3");
    await page.getByRole("button", { name: "Reserve for 15 minutes" }).click();
    await page.waitForURL(/\/reservations\//);
  });

  it("says by the choice that the last one has just gone", async () => {
    const product = await makeProduct(4, 1);
    const page = await open();
    await page.goto(`/products/${product.slug}`);
    await page.getByLabel("Kind 2").check();
    await api("POST", "/reservations", { items: [{ sku: product.skus[1], quantity: 1 }] });
    await page.getByRole("button", { name: "Reserve for 15 minutes" }).click();
    await page.getByText("Nothing was reserved.").waitFor();
    expect(await page.locator("#variant-error").textContent()).toContain("“Kind 2” has just gone");
    expect(await page.getByLabel("Kind 2").isDisabled()).toBe(true);
    expect(await page.getByLabel("Kind 1").isEnabled()).toBe(true);
  });
});
