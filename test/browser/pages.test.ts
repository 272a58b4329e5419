import { beforeAll, describe, expect, inject, it } from "vitest";
import { useBrowser } from "./support/browser.ts";
import { overflow, violations } from "./support/look.ts";
import { register } from "./support/people.ts";
import { ADDRESS, api, makeProduct } from "./support/shopping.ts";

const { open } = useBrowser();
const NARROW = { width: 360, height: 740 };
const WIDE = { width: 1280, height: 900 };

/** One address of every kind of page and state. */
const addresses: Record<string, string> = {
  list: "/",
  search: "/?q=wool&sort=price",
  "empty search": "/?q=zebra",
  product: "/products/tide-mug",
  "sold-out product": "/products/milking-stool",
  docs: "/docs",
  "missing page": "/products/no-such-thing",
  "sign-in": "/sign-in?done=password-set",
  registration: "/register",
  "forgotten password": "/forgot-password",
  "mail sent": "/forgot-password?sent",
  "new password": "/reset-password?token=x",
  verification: "/verify-email?token=x",
  "dead link": "/verify-email",
};
const OF_AN_ACCOUNT = [
  "/account?done=welcome",
  "/account/orders",
  "/account/sessions",
  "/",
  "/account/nope",
];
// A hold is over after 15 minutes, so its pages come first.
const KINDS = ["reservation", "released", "to pay", "order", ...Object.keys(addresses)];

async function hold(): Promise<string> {
  const [sku] = (await makeProduct(1)).skus;
  const { data } = await api("POST", "/reservations", { items: [{ sku, quantity: 1 }] });
  return String(data["id"]);
}

/** The browser that every page is opened in: what a guest orders in it, it is shown. */
const GUEST = "gb_000000000000000000000000000000000000";
const asGuest = () => ({
  storageState: {
    cookies: [
      {
        ...{ name: "__Host-guest", value: GUEST, domain: new URL(inject("shop").url).hostname },
        ...{ path: "/", expires: -1, httpOnly: true, secure: true, sameSite: "Lax" as const },
      },
    ],
    origins: [],
  },
});

/** Sends the form of a hold; answers where its order is. */
async function checkOutAsGuest(hold: string): Promise<string> {
  const headers = { Cookie: `__Host-guest=${GUEST}` };
  const place = { line1: "12 St James's Square", postalCode: "SW1Y 4JH", city: "London" };
  const body = new URLSearchParams({
    ...{ email: ADDRESS.Email, name: "Ada Lovelace", country: "GB" },
    ...place,
  });
  const sent = { method: "POST", redirect: "manual", headers, body } as const;
  expect((await fetch(`${hold}/checkout`, sent)).status).toBe(303);
  const way = await fetch(`${hold}/order`, { redirect: "manual", headers });
  return way.headers.get("Location") ?? "";
}

beforeAll(async () => {
  const url = inject("shop").url;
  const [first, second, third] = [await hold(), await hold(), await hold()];
  await fetch(`${url}/api/v1/reservations/${second}`, { method: "DELETE" });
  const order = await checkOutAsGuest(`${url}/reservations/${third}`);
  addresses["reservation"] = `/reservations/${first}`;
  addresses["released"] = `/reservations/${second}`;
  addresses["to pay"] = `/reservations/${third}`;
  addresses["order"] = order;
});

describe.each(KINDS)("The page: %s", (kind) => {
  it.each(["light", "dark"] as const)(
    "has nothing that axe objects to in %s",
    async (colorScheme) => {
      const page = await open({ ...asGuest(), colorScheme, viewport: WIDE });
      await page.goto(addresses[kind] ?? "");
      expect(await violations(page)).toEqual([]);
    },
  );

  it("fits a width of 360 pixels", async () => {
    const page = await open({ ...asGuest(), viewport: NARROW });
    await page.goto(addresses[kind] ?? "");
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    expect(await violations(page)).toEqual([]);
  });
});

describe("The pages of an account", () => {
  it.each([
    { colorScheme: "light", viewport: WIDE },
    { colorScheme: "dark", viewport: WIDE },
    { colorScheme: "dark", viewport: NARROW },
  ] as const)("are for everybody to use in %o", async (options) => {
    const page = await open(options);
    await register(page);
    for (const path of OF_AN_ACCOUNT) {
      await page.goto(path);
      expect([path, await violations(page)]).toEqual([path, []]);
      expect([path, await overflow(page)]).toEqual([path, 0]);
    }
    await page.goto("/account");
    await page.getByRole("button", { name: "Change my password" }).click();
    await page.getByRole("alert").waitFor();
    expect(await violations(page)).toEqual([]);
    await page.goto("/account");
    await page
      .getByLabel("Name", { exact: true })
      .fill("Wolfeschlegelsteinhausenbergerdorff".repeat(3));
    await page.getByRole("button", { name: "Change my name" }).click();
    await page.getByRole("status").waitFor();
    expect(await overflow(page)).toBe(0);
  });
});

describe("A form that was sent back", () => {
  let form: string;
  beforeAll(async () => {
    form = `/reservations/${await hold()}`;
  });

  it.each(["light", "dark"] as const)(
    "has nothing that axe objects to in %s",
    async (colorScheme) => {
      const page = await open({ colorScheme, viewport: NARROW });
      await page.goto(form);
      await page.getByRole("button", { name: "Go on to the payment" }).click();
      await page.getByRole("alert").waitFor();
      expect(await violations(page)).toEqual([]);
      expect(await overflow(page)).toBeLessThanOrEqual(0);
      for (const path of ["/register", "/sign-in", "/reset-password?token=x"]) {
        await page.goto(path);
        await page.locator("main .primary").click();
        await page.getByRole("alert").waitFor();
        expect(await violations(page)).toEqual([]);
        expect(await overflow(page)).toBeLessThanOrEqual(0);
      }
      await page.goto("/products/tide-mug");
      await page.getByLabel("How many").fill("9999");
      await page.getByRole("button", { name: "Reserve for 15 minutes" }).click();
      await page.getByRole("alert").waitFor();
      expect(await violations(page)).toEqual([]);
      expect(await overflow(page)).toBeLessThanOrEqual(0);
    },
  );
});

describe("The list", () => {
  it("finds, sorts and turns its pages", async () => {
    await makeProduct(1);
    const page = await open({ javaScriptEnabled: false });
    await page.goto("/");
    await page.getByRole("searchbox").fill("honey");
    await page.getByRole("searchbox").press("Enter");
    await page.getByRole("heading", { name: "What we have for “honey”" }).waitFor();
    expect(await page.locator(".card").count()).toBeGreaterThan(0);
    await page.goto("/");
    await page.getByRole("link", { name: "Lowest price" }).click();
    expect(
      await page.getByRole("link", { name: "Lowest price" }).getAttribute("aria-current"),
    ).toBe("true");
    const first = await page.locator(".card h2").allTextContents();
    await page.getByRole("link", { name: "Show more" }).click();
    await page.getByRole("heading", { name: "More from the shop" }).waitFor();
    const further = await page.locator(".card h2").allTextContents();
    expect(further.filter((title) => first.includes(title))).toEqual([]);
  });
});
