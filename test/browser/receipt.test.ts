import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { useBrowser } from "./support/browser.ts";
import { overflow, violations } from "./support/look.ts";
import { api, checkOut, makeProduct, reserve, waitUntilPaid } from "./support/shopping.ts";

const { open } = useBrowser();
const NARROW = { width: 360, height: 740 };
const WIDE = { width: 1280, height: 900 };
const ALL = { paidOrders: true, lowStock: true, attention: true };
const SAID = {
  ...{ name: null, tagline: null, operatorMails: ALL },
  seller: {
    name: "Moon Pottery Gesellschaft für mondbeschienene Gefäße mbH",
    address: ["Donaudampfschifffahrtselektrizitätenhauptbetriebswerkstraße 5", "50667 Köln"],
    ...{ country: "DE", taxNumber: "DE123456789", registrationNumber: "HRB 12345" },
    ...{ email: "hello@moon.example", phone: "+49 221 12345" },
  },
  receipt: { footer: "Send back within 30 days what you do not like.\nThank you." },
};

let receipt = "";

/** A purchase, and where its receipt is. */
async function buy(page: Page): Promise<string> {
  await reserve(page, await makeProduct(3));
  await checkOut(page);
  await page.getByRole("button", { name: "Pay by card" }).click();
  await waitUntilPaid(page);
  await page.getByRole("link", { name: "Receipt to print" }).click();
  await page.getByRole("heading", { name: "Receipt", exact: true }).waitFor();
  return page.url();
}

beforeAll(async () => {
  await api("PUT", "/settings/shop", SAID);
  receipt = await buy(await open({ javaScriptEnabled: false }));
});
afterAll(() => api("PUT", "/settings/shop", { ...SAID, seller: null, receipt: { footer: null } }));

/** The colours of the paper, the ink and the lines, as the page has them. */
const colours = (page: Page) =>
  page.evaluate(() => {
    const of = (selector: string) => getComputedStyle(document.querySelector(selector) as Element);
    return [of("html").backgroundColor, of("h1").color, of(".statuses dt").color];
  });

describe("A receipt", () => {
  it.each([
    { colorScheme: "light", viewport: WIDE },
    { colorScheme: "dark", viewport: WIDE },
    { colorScheme: "light", viewport: NARROW },
    { colorScheme: "dark", viewport: NARROW },
  ] as const)("is for everybody to read in %o", async (options) => {
    const page = await open(options);
    await page.goto(receipt);
    const words = (await page.locator("main").textContent()) ?? "";
    for (const part of ["Tax number DE123456789", "Ada Lovelace", "Total", "€25.00", "Thank you."])
      expect(words).toContain(part);
    expect(await page.locator("script").count()).toBe(0);
    expect(await overflow(page)).toBe(0);
    expect(await violations(page)).toEqual([]);
  });

  it.each(["light", "dark"] as const)(
    "is black on white on paper, without what is not read there, in %s",
    async (colorScheme) => {
      const page = await open({ colorScheme, viewport: WIDE });
      await page.goto(receipt);
      await page.emulateMedia({ media: "print", colorScheme });
      expect(await colours(page)).toEqual(["rgb(255, 255, 255)", "rgb(0, 0, 0)", "rgb(0, 0, 0)"]);
      for (const left of ["search", ".who", ".bottom", ".unprinted"])
        expect([left, await page.locator(left).first().isVisible()]).toEqual([left, false]);
      expect(await page.locator(".brand").isVisible()).toBe(true);
    },
  );

  it("leads back to its order", async () => {
    const page = await open({ javaScriptEnabled: false });
    await page.goto(receipt);
    await page.getByRole("link", { name: "Back to the order" }).click();
    await page.getByRole("heading", { name: "Thank you. It is yours." }).waitFor();
  });
});
