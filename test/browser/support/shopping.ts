import type { Page } from "playwright-core";
import { expect, inject } from "vitest";

const SETTLE_MS = 90_000;

export interface MadeProduct {
  readonly slug: string;
  readonly title: string;
  readonly skus: readonly string[];
}

let made = 0;

/** A product with one variant for each of these stocks. */
export async function makeProduct(...stocks: readonly number[]): Promise<MadeProduct> {
  made += 1;
  const name = `${Date.now().toString(36)}-${made}`;
  const variants = stocks.map((initialStock, i) => ({
    sku: `SKU-${name}-${i + 1}`.toUpperCase(),
    title: `Kind ${i + 1}`,
    price: { amount: 2500, currency: "EUR" },
    initialStock,
  }));
  const title = `Thing ${name}`;
  const { data } = await api("POST", "/products", {
    title,
    description: "Made for a test.",
    variants,
  });
  return { slug: String(data["slug"]), title, skus: variants.map(({ sku }) => sku) };
}

export interface ApiAnswer {
  readonly data: Readonly<Record<string, unknown>>;
}

/** One call of the API, as staff. */
export async function api(method: string, path: string, body?: object): Promise<ApiAnswer> {
  const { url, adminApiKey } = inject("shop");
  const response = await fetch(`${url}/api/v1${path}`, {
    method,
    headers: {
      "Content-Type": "application/json",
      Authorization: `Bearer ${adminApiKey}`,
      "Idempotency-Key": crypto.randomUUID(),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!response.ok)
    throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  return (await response.json()) as ApiAnswer; // the contract's envelope
}

/** How many of a SKU can be bought. */
export async function available(sku: string | undefined): Promise<unknown> {
  return (await api("GET", `/inventory/${sku}`)).data["available"];
}

/** From the product's page to its reservation. */
export async function reserve(page: Page, { slug }: Pick<MadeProduct, "slug">): Promise<void> {
  await page.goto(`/products/${slug}`);
  await page.getByRole("button", { name: "Reserve for 15 minutes" }).click();
  await page.waitForURL(/\/reservations\/rsv_\w+$/);
}

export const ADDRESS = {
  Email: "ada@example.com",
  "Full name": "Ada Lovelace",
  Address: "12 Harbour Street",
  "Postal code": "20457",
  City: "Hamburg",
} as const;

/** Fills the checkout form and goes on, to the payment page unless another is expected. */
export async function checkOut(
  page: Page,
  address: Readonly<Record<string, string>> = ADDRESS,
  to: string | RegExp = /\/pay\/cs_/,
): Promise<void> {
  for (const [label, value] of Object.entries(address)) {
    await page.getByLabel(label, { exact: true }).fill(value);
  }
  await page.getByLabel("Country").selectOption("DE");
  await page.getByRole("button", { name: "Go on to the payment" }).click();
  await page.waitForURL(to);
}

/** Waits until the order's page says that it is paid; answers the order's number. */
export async function waitUntilPaid(page: Page): Promise<string> {
  await page.waitForURL(/\/orders\/ord_\w+\?token=/);
  await page.getByRole("heading", { name: "Thank you. It is yours." }).waitFor();
  const text = await page.locator(".eyebrow").textContent();
  return (text ?? "").replace(/\D/g, "");
}

/** Waits until the receipt of an order is in the mail inbox. */
export async function expectReceipt(orderNumber: string): Promise<void> {
  const { mailUrl } = inject("shop");
  const inbox = async () => (await fetch(`${mailUrl}/inbox`)).text();
  await expect
    .poll(inbox, { timeout: SETTLE_MS })
    .toContain(`Your receipt for order #${orderNumber}`);
}
