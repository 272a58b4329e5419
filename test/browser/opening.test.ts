import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { useBrowser } from "./support/browser.ts";
import { overflow, violations } from "./support/look.ts";
import { api, makeProduct } from "./support/shopping.ts";

const { open } = useBrowser();
const OPENS_IN_MS = 12_000;

/** A product that opens in so long. */
async function opening(inMs: number) {
  const product = await makeProduct(3);
  const { data } = await api("GET", `/products/${product.slug}`);
  const opensAt = new Date(Date.now() + inMs).toISOString();
  await api("PATCH", `/products/${data["id"]}`, { opensAt });
  return product;
}

/** Whether what is seen of the one is within the other. */
const isInside = (page: Page, inner: string, outer: string) =>
  page.evaluate(
    ([one, other]) => {
      const [small, large] = [one, other].map((selector) =>
        document.querySelector(selector as string)?.getBoundingClientRect(),
      );
      if (small === undefined || large === undefined) return false;
      const { top, right, bottom, left } = small;
      return (
        top >= large.top && right <= large.right && bottom <= large.bottom && left >= large.left
      );
    },
    [inner, outer],
  );

describe("The page of a product that is not open yet", () => {
  it("counts down, lets the button wait, and sells when it opens, without being loaded again", async () => {
    const page = await open();
    const { slug, title } = await opening(OPENS_IN_MS);
    await page.goto(`/products/${slug}`);
    await page.evaluate(() => Object.assign(window, { same: true }));
    const button = page.getByRole("button", { name: "Reserve" });
    const clock = page.getByRole("timer");
    expect(await button.isDisabled()).toBe(true);
    const first = await clock.textContent();
    expect(first).toMatch(/^Opens in 0:\d\d$/);
    await expect.poll(() => clock.textContent()).not.toBe(first);
    await expect.poll(() => button.isEnabled(), { timeout: 2 * OPENS_IN_MS }).toBe(true);
    await page.getByText("It can be reserved now.").first().waitFor();
    expect(await clock.isVisible()).toBe(false);
    await page.getByRole("radio").first().check();
    expect(await page.evaluate(() => "same" in window)).toBe(true);
    await button.click();
    await page.waitForURL(/\/reservations\//);
    expect(await page.textContent("main")).toContain(title);
  });

  it("is clean, in the light and the dark, narrow and wide, with days on its clock", async () => {
    const { slug } = await opening(3 * 86_400_000);
    for (const colorScheme of ["light", "dark"] as const)
      for (const width of [360, 1280]) {
        const page = await open({ colorScheme, viewport: { width, height: 800 } });
        await page.goto(`/products/${slug}`);
        await expect
          .poll(() => page.getByRole("timer").textContent())
          .toMatch(/^Opens in 2 days, 23:\d\d:\d\d$/);
        expect(await violations(page)).toEqual([]);
        expect(await overflow(page)).toBe(0);
        expect(await isInside(page, ".opening .clock", ".opening")).toBe(true);
      }
  });

  it("says without a script when it opens, and that it is not yet, when it is asked all the same", async () => {
    const page = await open({ javaScriptEnabled: false });
    const { slug } = await opening(86_400_000);
    await page.goto(`/products/${slug}`);
    await page.getByText(/It can be reserved from .* on\./).waitFor();
    await page.getByRole("radio").first().check();
    await page.getByRole("button", { name: "Reserve" }).click();
    await page.getByRole("alert").getByText(/./).first().waitFor();
    expect(page.url()).not.toMatch(/\/reservations\//);
  });
});
