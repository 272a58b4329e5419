import { describe, expect, it } from "vitest";
import { useBrowser } from "./support/browser.ts";
import {
  ADDRESS,
  available,
  checkOut,
  expectReceipt,
  makeProduct,
  reserve,
  waitUntilPaid,
} from "./support/shopping.ts";

const { open } = useBrowser();

describe.each([
  { scripts: "with scripts", javaScriptEnabled: true },
  { scripts: "without any script", javaScriptEnabled: false },
])("A purchase $scripts", ({ javaScriptEnabled }) => {
  it("goes from the list to a paid order and its receipt", async () => {
    const product = await makeProduct(3);
    const page = await open({ javaScriptEnabled });
    await page.goto("/");
    await page.getByRole("link", { name: product.title }).click();
    await page.getByLabel("How many").fill("2");
    await page.getByRole("button", { name: "Reserve for 15 minutes" }).click();
    await page.waitForURL(/\/reservations\//);
    expect(await page.locator(".held").textContent()).toContain("€50.00");
    expect(await available(product.skus[0])).toBe(1);

    await checkOut(page);
    expect(await page.textContent("body")).toContain("€50.00");
    await page.getByRole("button", { name: "Pay by card" }).click();

    const number = await waitUntilPaid(page);
    const order = await page.textContent("main");
    expect(order).toContain("2 × €25.00");
    expect(order).toContain("Hamburg");
    expect(order).toContain("Your payment arrived");
    await expectReceipt(number);
    expect(await available(product.skus[0])).toBe(1);
  });

  it("survives a declined card", async () => {
    const product = await makeProduct(1);
    const page = await open({ javaScriptEnabled });
    await reserve(page, product);
    await checkOut(page);
    await page.getByRole("button", { name: "Card declined" }).click();
    await page.getByRole("alert").waitFor();
    await page.getByLabel("Email").fill(ADDRESS.Email);
    await page.getByRole("button", { name: "Pay by card" }).click();
    await waitUntilPaid(page);
  });

  it("comes back from the payment page and goes on to it again", async () => {
    const page = await open({ javaScriptEnabled });
    await reserve(page, await makeProduct(1));
    await checkOut(page);
    await page.getByRole("button", { name: "Cancel" }).click();
    await page.getByRole("heading", { name: "One step left: your payment" }).waitFor();
    await page.getByRole("link", { name: "Continue to the payment" }).click();
    await page.getByRole("button", { name: "Pay by card" }).click();
    await waitUntilPaid(page);
  });
});

describe("The checkout form", () => {
  it("keeps what was typed and says by the field what is wrong", async () => {
    const page = await open();
    await reserve(page, await makeProduct(1));
    await page.getByLabel("Email", { exact: true }).fill("ada@");
    await page.getByLabel("Full name").fill(ADDRESS["Full name"]);
    await page.getByRole("button", { name: "Go on to the payment" }).click();

    const email = page.getByLabel("Email", { exact: true });
    await page.getByText("4 things are missing or wrong.").waitFor();
    expect(await email.inputValue()).toBe("ada@");
    expect(await email.getAttribute("aria-invalid")).toBe("true");
    expect(await page.locator("#email-error").textContent()).toContain("ada@example.com");
    expect(await page.getByLabel("Full name").inputValue()).toBe(ADDRESS["Full name"]);
    expect(await page.title()).toMatch(/^Please check: /);
    await checkOut(page);
  });

  it("has no page that a step back from the payment would send once more: one typo, mended", async () => {
    const page = await open();
    await reserve(page, await makeProduct(1));
    const hold = page.url();
    await checkOut(page, { ...ADDRESS, Email: "ada@" }, hold);
    await page.getByText("One thing is missing or wrong.").waitFor();
    expect(await page.getByLabel("City").inputValue()).toBe(ADDRESS.City);
    await page.reload();
    await page.getByRole("heading", { name: "It is yours for now" }).waitFor();
    await checkOut(page);
    const back = await page.goBack();
    expect([back?.status(), back?.request().method()]).toEqual([200, "GET"]);
    expect(page.url()).toBe(hold);
    await page.getByRole("heading", { name: "One step left: your payment" }).waitFor();
  });

  it("makes one order of a double click", async () => {
    const page = await open();
    await reserve(page, await makeProduct(1));
    const hold = page.url();
    for (const [label, value] of Object.entries(ADDRESS)) {
      await page.getByLabel(label, { exact: true }).fill(value);
    }
    await page.getByLabel("Country").selectOption("DE");
    await page.getByRole("button", { name: "Go on to the payment" }).dblclick();
    await page.waitForURL(/\/pay\/cs_/);
    const paymentPage = page.url();
    await page.goto(hold);
    const link = page.getByRole("link", { name: "Continue to the payment" });
    expect(await link.getAttribute("href")).toBe(paymentPage);
  });
});

describe("A payment that the bank takes days for", () => {
  it("is said to be on its way, and the hold stays", async () => {
    const page = await open();
    const product = await makeProduct(1);
    await reserve(page, product);
    const hold = page.url();
    await checkOut(page);
    await page.getByRole("button", { name: "Pay later by bank transfer" }).click();
    await page.getByRole("heading", { name: "Your bank is working on it" }).waitFor();
    await page.goto(hold);
    await page.getByRole("heading", { name: "Your bank is on it" }).waitFor();
    expect(await available(product.skus[0])).toBe(0);
  });
});
