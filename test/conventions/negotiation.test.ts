import { describe, expect, it } from "vitest";
import { makeDiscount } from "../support/discounts.ts";
import { expectError } from "../support/expect-error.ts";
import { type Call, call } from "../support/http.ts";
import { asAdmin } from "../support/people.ts";
import { checkOut, makeSku } from "../support/shop.ts";
import { useWorld } from "../support/world.ts";

useWorld();

const reserveWith = (options: Call) => call("POST", "/api/v1/reservations", options);
const malformed = { code: "MALFORMED_JSON", message: "The body is not valid JSON." } as const;
const notJson = {
  code: "UNSUPPORTED_MEDIA_TYPE",
  message: "Send the body as Content-Type: application/json.",
} as const;

/** A body whose bytes are not those of its text. */
function bytes(...parts: (string | number)[]): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const all = parts.flatMap((part) =>
    typeof part === "string" ? [...encoder.encode(part)] : [part],
  );
  return new Blob([new Uint8Array(all)]).stream();
}

describe("What a client accepts", () => {
  it("is read in any case, and its most precise range decides", async () => {
    const taken = [
      "APPLICATION/JSON",
      "Application/*",
      "application/json; charset=UTF-8",
      "application/*;q=0, application/json",
      "",
    ];
    for (const Accept of taken) {
      const { status } = await call("GET", "/api/v1/products", { headers: { Accept } });
      expect([Accept, status]).toEqual([Accept, 200]);
    }
    for (const Accept of ["application/json;q=0, */*", "application/*;q=0, */*;q=1", "TEXT/HTML"]) {
      const { status } = await call("GET", "/api/v1/products", { headers: { Accept } });
      expect([Accept, status]).toEqual([Accept, 406]);
    }
  });
});

describe("The type of a body", () => {
  it("is JSON in UTF-8, however its parameters are written", async () => {
    const items = [{ sku: await makeSku(50), quantity: 1 }];
    const types = [
      "application/json ; charset=utf-8",
      "application/json;charset=UTF-8",
      'application/json; charset="utf-8"',
      "application/json;",
      "application/json; profile=x; charset=utf8",
    ];
    for (const type of types) {
      const answer = await reserveWith({ body: { items }, headers: { "Content-Type": type } });
      expect([type, answer.status]).toEqual([type, 201]);
    }
  });

  it("is refused in any other encoding, instead of read as UTF-8", async () => {
    for (const charset of ["utf-16", "iso-8859-1", '"windows-1252"', "UTF-7"]) {
      const headers = { "Content-Type": `application/json; charset=${charset}` };
      expectError(await reserveWith({ body: { items: [] }, headers }), 415, notJson);
    }
  });

  it("is refused when it is compressed, which says how it would be taken", async () => {
    for (const coding of ["gzip", "br", "GZIP", "deflate, gzip"]) {
      const headers = { "Content-Encoding": coding };
      const answer = await reserveWith({ body: bytes(0x1f, 0x8b, 8, 0), headers });
      expectError(answer, 415, {
        code: "UNSUPPORTED_MEDIA_TYPE",
        message: "Send the body as it is: no Content-Encoding is understood here.",
      });
      expect(answer.headers.get("Accept-Encoding")).toBe("identity");
    }
    const items = [{ sku: await makeSku(5), quantity: 1 }];
    const plain = { body: { items }, headers: { "Content-Encoding": "identity" } };
    expect((await reserveWith(plain)).status).toBe(201);
  });
});

describe("The bytes of a body", () => {
  it("are malformed when they are not UTF-8, instead of read with question marks", async () => {
    const broken = [
      bytes('{"items":[{"sku":"A', 0xff, '","quantity":1}]}'),
      bytes('{"items":[{"sku":"', 0xc3, '","quantity":1}]}'),
      bytes('{"items":[{"sku":"', 0xed, 0xa0, 0x80, '","quantity":1}]}'),
      bytes(0xfe, 0xff, 0, "{", 0, "}"),
    ];
    for (const body of broken) expectError(await reserveWith({ body }), 400, malformed);
  });

  it("may begin with the mark that some editors put there", async () => {
    const sku = await makeSku(5);
    const text = JSON.stringify({ items: [{ sku, quantity: 1 }] });
    expect((await reserveWith({ body: bytes(0xef, 0xbb, 0xbf, text) })).status).toBe(201);
  });

  it("need not be there where the route can do without, whatever their type says", async () => {
    for (const body of ["", bytes()]) {
      const items = [{ sku: await makeSku(5), quantity: 1 }];
      const { orderId } = (await checkOut({ items })).body.data;
      const path = `/api/v1/orders/${orderId}/cancel`;
      expect((await asAdmin("POST", path, { body })).status).toBe(200);
    }
    expectError(await reserveWith({ body: "" }), 400, malformed);
  });
});

describe("If-Match", () => {
  async function seen() {
    const { id } = await makeDiscount();
    const path = `/api/v1/discounts/${id}`;
    const tag = (await asAdmin("GET", path)).headers.get("ETag") ?? "";
    const change = (ifMatch: string) =>
      asAdmin("PATCH", path, { body: { active: false }, headers: { "If-Match": ifMatch } });
    return { tag, change };
  }

  it("takes a list in which our tag is, and the weak form that a compressing proxy makes of it", async () => {
    const forms = [
      (tag: string) => tag,
      (tag: string) => `W/${tag}`,
      (tag: string) => `"other", ${tag}`,
      (tag: string) => `"a,b" ,W/${tag},"c"`,
      () => " * ",
    ];
    for (const form of forms) {
      const { tag, change } = await seen();
      expect([form(tag), (await change(form(tag))).status]).toEqual([form(tag), 200]);
    }
  });

  it("refuses a list in which our tag is not, and what is no tag", async () => {
    const { tag, change } = await seen();
    const wrong = ['"9-9"', 'W/"9-9", "x"', tag.slice(1, -1), `"x${tag.slice(1)}`];
    for (const ifMatch of wrong)
      expect([ifMatch, (await change(ifMatch)).status]).toEqual([ifMatch, 412]);
    expect((await change(tag)).status).toBe(200);
  });
});

describe("OPTIONS", () => {
  it("says which methods an address has", async () => {
    const addresses: [string, string][] = [
      ["/api/v1/products", "GET, HEAD, POST"],
      ["/api/v1/reservations/rsv_1", "DELETE, GET, HEAD, PATCH"],
      ["/webhooks/stripe", "POST"],
      ["/products/some-slug", "GET, HEAD, POST"],
    ];
    for (const [path, allow] of addresses) {
      const { status, headers } = await call("OPTIONS", path);
      expect([path, status, headers.get("Allow")]).toEqual([path, 204, allow]);
    }
  });

  it("finds nothing where nothing is, and a storefront may read so", async () => {
    for (const path of ["/api/v1/nothing", "/api/v2/products", "/api/v1/products/a/b"]) {
      const headers = {
        Origin: "https://storefront.test",
        "Access-Control-Request-Method": "POST",
      };
      const answer = await call("OPTIONS", path, { headers });
      expectError(answer, 404, { code: "NOT_FOUND", message: "There is nothing at this address." });
      expect(answer.headers.has("Allow")).toBe(false);
      expect(answer.headers.get("Access-Control-Allow-Origin")).toBe("https://storefront.test");
    }
  });
});
