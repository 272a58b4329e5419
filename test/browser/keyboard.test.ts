import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { useBrowser } from "./support/browser.ts";
import { ADDRESS, makeProduct, waitUntilPaid } from "./support/shopping.ts";

const { open } = useBrowser();
const MAX_TABS = 40;

/** Presses Tab until this has the focus, and makes sure that the focus can be seen. */
async function tabTo(page: Page, selector: string): Promise<void> {
  for (let i = 0; i < MAX_TABS; i += 1) {
    await page.keyboard.press("Tab");
    const focused = await page.evaluate(
      (wanted) => document.activeElement?.matches(wanted) ?? false,
      selector,
    );
    if (focused) return expectVisibleFocus(page);
  }
  throw new Error(`Tab never reached ${selector}`);
}

async function expectVisibleFocus(page: Page): Promise<void> {
  const outlined = await page.evaluate(() => {
    const focused = document.activeElement;
    if (focused === null) return false;
    const around = [focused, focused.closest("label")].filter((element) => element !== null);
    const styles = [
      ...around.map((one) => getComputedStyle(one)),
      getComputedStyle(focused, "::after"),
    ];
    return styles.some(
      ({ outlineStyle, outlineWidth }) => outlineStyle !== "none" && outlineWidth !== "0px",
    );
  });
  expect(outlined).toBe(true);
}

describe("The keyboard alone", () => {
  it("skips to the content", async () => {
    const page = await open();
    await page.goto("/");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    const focused = () => page.evaluate(() => document.activeElement?.id);
    await expect.poll(focused, { timeout: 10_000 }).toBe("main");
    await tabTo(page, ".sorting a");
  });

  it("buys", async () => {
    const product = await makeProduct(2, 2);
    const page = await open();
    await page.goto("/");
    await tabTo(page, `a[href="/products/${product.slug}"]`);
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/products\//);
    await tabTo(page, "[name=variant]");
    await page.keyboard.press("ArrowDown");
    expect(await page.getByLabel("Kind 2").isChecked()).toBe(true);
    await tabTo(page, ".reserve button");
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/reservations\//);
    for (const [i, name] of ["email", "name", "line1", "postalCode", "city"].entries()) {
      await tabTo(page, `#${name}`);
      await page.keyboard.type(Object.values(ADDRESS)[i] ?? "");
    }
    await tabTo(page, "#country");
    await page.keyboard.type("Germany");
    await tabTo(page, ".checkout button");
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/pay\/cs_/);
    await tabTo(page, "button.primary");
    await page.keyboard.press("Enter");
    await waitUntilPaid(page);
  });
});
