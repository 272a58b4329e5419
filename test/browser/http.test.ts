import { describe, expect, inject, it } from "vitest";
import { useBrowser } from "./support/browser.ts";
import { available, checkOut, makeProduct, reserve } from "./support/shopping.ts";

const { open } = useBrowser();
const FORM = "application/x-www-form-urlencoded";
const PUBLIC = "public, max-age=0, s-maxage=60, stale-while-revalidate=300";

function get(path: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(inject("shop").url + path, { headers, redirect: "manual" });
}

function post(path: string, body: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(inject("shop").url + path, {
    method: "POST",
    body,
    redirect: "manual",
    headers: { "Content-Type": FORM, ...headers },
  });
}

/** What the answer gives the browser to keep under this name, as it is sent back. */
function cookieOf(response: Response, name: string): string {
  const cookie = response.headers.getSetCookie().find((one) => one.startsWith(`${name}=`)) ?? "";
  return cookie.split(";")[0] ?? "";
}

async function expectErrorPage(response: Response, status: number, code: string): Promise<void> {
  const text = await response.text();
  expect(response.status).toBe(status);
  expect(response.headers.get("content-type")).toMatch(/^text\/html/);
  expect(text).toContain(code);
  expect(text).toContain(response.headers.get("x-request-id"));
  expect(text).toContain('name="robots" content="noindex"');
}

describe("A form of another site", () => {
  it("is refused, and nothing is reserved", async () => {
    const { slug, skus } = await makeProduct(1);
    const page = await open();
    await page.route("https://elsewhere.test/", (route) =>
      route.fulfill({
        contentType: "text/html",
        body: `<form method="post" action="${inject("shop").url}/products/${slug}"><input name="variant" value="${skus[0]}"><input name="quantity" value="1"><button>Win</button></form>`,
      }),
    );
    await page.goto("https://elsewhere.test/");
    const answered = page.waitForResponse((response) => response.request().method() === "POST");
    await page.getByRole("button", { name: "Win" }).click();
    expect((await answered).status()).toBe(403);
    expect(await available(skus[0])).toBe(1);
  });

  it("is refused by each address that takes a form", async () => {
    const foreign = { "Sec-Fetch-Site": "cross-site" };
    for (const path of [
      "/products/tide-mug",
      "/reservations/rsv_x/checkout",
      "/reservations/rsv_x/release",
    ]) {
      await expectErrorPage(await post(path, "", foreign), 403, "CSRF_REJECTED");
    }
    await expectErrorPage(
      await post("/products/tide-mug", "", { Origin: "https://elsewhere.test" }),
      403,
      "CSRF_REJECTED",
    );
  });
});

describe("An error", () => {
  it("is a page for people, with the API's status and code", async () => {
    await expectErrorPage(await get("/nope"), 404, "NOT_FOUND");
    await expectErrorPage(await get("/products/nope"), 404, "NOT_FOUND");
    await expectErrorPage(await get("/reservations/nope/countdown.svg"), 404, "NOT_FOUND");
    await expectErrorPage(await get("/orders/nope?token=ot_wrong"), 404, "NOT_FOUND");
    await expectErrorPage(await get("/?cursor=wrong"), 422, "VALIDATION_FAILED");
    const wrongMethod = await post("/docs", "");
    expect(wrongMethod.headers.get("allow")).toBe("GET, HEAD");
    await expectErrorPage(wrongMethod, 405, "METHOD_NOT_ALLOWED");
    const json = await post("/products/tide-mug", "{}", { "Content-Type": "application/json" });
    await expectErrorPage(json, 415, "UNSUPPORTED_MEDIA_TYPE");
    await expectErrorPage(
      await post("/products/tide-mug", "a".repeat(2 ** 20 + 1)),
      413,
      "PAYLOAD_TOO_LARGE",
    );
  });

  it("stays JSON for programs", async () => {
    for (const path of ["/api/v1/nope", "/api/nope", "/webhooks/nope", "/health/nope"]) {
      const response = await get(path);
      expect(response.headers.get("content-type")).toMatch(/^application\/json/);
      expect(await response.json()).toMatchObject({ error: { code: "NOT_FOUND" } });
    }
  });

  it("is never the server's fault, whatever a form holds", async () => {
    const product = await makeProduct(3);
    const hold = await post(`/products/${product.slug}`, `variant=${product.skus[0]}&quantity=1`);
    const address = hold.headers.get("location");
    const odd = [
      "",
      "%",
      "%00=%ff",
      "variant=%00&quantity=1e309",
      "quantity=-1&quantity=2",
      "key=%0a&variant[]=1",
      "=&&&",
    ];
    for (const body of odd) {
      for (const [form, page] of [
        [`/products/${product.slug}`, `/products/${product.slug}`],
        [`${address}/checkout`, address],
      ]) {
        const { status, headers } = await post(form ?? "", `${body}&country=XX`);
        expect([status, headers.get("location")]).toEqual([303, page]);
      }
    }
    expect((await get("/products/%E0%A4%A")).status).toBe(404);
    expect((await get("/?q=%22%27*&sort=sideways&cursor=&page=2")).status).toBe(200);
  });

  it("of a hold that is over is said on its page", async () => {
    const { slug, skus } = await makeProduct(1);
    const hold = (await post(`/products/${slug}`, `variant=${skus[0]}&quantity=1`)).headers.get(
      "location",
    );
    expect((await post(`${hold}/release`, "")).status).toBe(303);
    const late = await post(`${hold}/checkout`, "email=ada%40example.com");
    expect([late.status, late.headers.get("location")]).toEqual([303, hold]);
    const page = await get(hold ?? "", { Cookie: cookieOf(late, "__Host-sent-back") });
    const text = await page.text();
    expect(text).toContain("You have given it back");
    expect(text).toContain("This reservation is no longer waiting for a checkout.");
  });
});

describe("Headers", () => {
  it("let caches keep what is everybody's, and nothing that is somebody's", async () => {
    const page = await open();
    await reserve(page, await makeProduct(1));
    const hold = new URL(page.url()).pathname;
    await checkOut(page);
    const guest = (await page.context().cookies()).find(({ name }) => name === "__Host-guest");
    const headers = { Cookie: `__Host-guest=${guest?.value ?? ""}` };
    const order = (await get(`${hold}/order`, headers)).headers.get("location") ?? "";
    expect(order).toContain("?token=");
    for (const path of ["/", "/?q=honey", "/docs"]) {
      expect((await get(path)).headers.get("cache-control")).toBe(PUBLIC);
    }
    for (const path of [
      "/products/tide-mug",
      hold,
      `${hold}/countdown.svg`,
      `${hold}/order`,
      order,
      "/nope",
    ]) {
      expect((await get(path, headers)).headers.get("cache-control")).toBe("private, no-store");
    }
    for (const path of [hold, order])
      expect(await (await get(path, headers)).text()).toContain("noindex");
  });

  it("allow no inline script or style, and forms only to the shop and its payment page", async () => {
    const { url, stripeUrl } = inject("shop");
    const policy = (await get("/")).headers.get("content-security-policy") ?? "";
    expect(policy).toContain("script-src 'self'");
    expect(policy).toContain("style-src 'self'");
    expect(policy).not.toContain("unsafe");
    expect(policy).toContain(`form-action 'self' http://127.0.0.1:${new URL(stripeUrl).port}`);
    for (const path of ["/", "/products/tide-mug", "/docs"]) {
      expect(await (await fetch(url + path)).text()).not.toMatch(
        / style="| on[a-z]+="|<style|<script(?! src="\/)/,
      );
    }
  });
});

describe("The page to read the API on", () => {
  it("has every call of the document, each with an example", async () => {
    const document = (await (await get("/openapi.json")).json()) as {
      paths: Record<string, Record<string, unknown>>;
    };
    const text = await (await get("/docs")).text();
    const calls = Object.values(document.paths).flatMap((methods) => Object.keys(methods));
    expect(text.match(/class="call"/g)).toHaveLength(calls.length);
    for (const path of Object.keys(document.paths)) expect(text).toContain(`<code>${path}</code>`);
    expect(text.match(/curl /g)).toHaveLength(calls.length);
    expect(text).not.toMatch(/(src|href)="https?:\/\/(?!localhost)/);
  });
});
