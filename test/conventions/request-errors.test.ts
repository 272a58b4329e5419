import { describe, expect, it } from "vitest";
import { expectError, invalid } from "../support/expect-error.ts";
import { type Call, call } from "../support/http.ts";
import { asAdmin } from "../support/people.ts";
import { makeSku } from "../support/shop.ts";
import { useWorld } from "../support/world.ts";

useWorld();

const ONE_MIB = 1024 * 1024;
const BEARER = 'Bearer realm="holdfast"';

const reserveWith = (options: Call) => call("POST", "/api/v1/reservations", options);

describe("A body that nobody has asked for", () => {
  it("is refused by its fields, so that nobody takes a filter for heard", async () => {
    const fields = { status: "There is no such field." };
    const body = { status: "paid" };
    const path = "/api/v1/exports/orders";
    expectError(await asAdmin("POST", path, { body }), 422, invalid(fields));
    const malformed = await asAdmin("POST", path, { body: '{"status":' });
    expectError(malformed, 400, { code: "MALFORMED_JSON", message: "The body is not valid JSON." });
    for (const fine of [{}, undefined, ""])
      expect((await asAdmin("POST", path, { body: fine })).status).toBe(202);
  });
});

describe("A body that cannot be read", () => {
  it("is malformed when it is not JSON", async () => {
    for (const body of ['{"items":', "", "nonsense", "{'items':[]}"]) {
      const answer = await reserveWith({ body });
      expectError(answer, 400, { code: "MALFORMED_JSON", message: "The body is not valid JSON." });
    }
  });

  it("is of the wrong type when it does not say application/json", async () => {
    for (const type of [
      "text/plain",
      "application/x-www-form-urlencoded",
      "application/jsonx",
      "application/json ; x",
    ]) {
      const answer = await reserveWith({ body: "{}", headers: { "Content-Type": type } });
      expectError(answer, 415, {
        code: "UNSUPPORTED_MEDIA_TYPE",
        message: "Send the body as Content-Type: application/json.",
      });
    }
  });

  it("is read when the type carries a charset or capitals", async () => {
    const sku = await makeSku(5);
    const body = JSON.stringify({ items: [{ sku, quantity: 1 }] });
    for (const type of ["application/json; charset=utf-8", "Application/JSON;charset=UTF-8"]) {
      const answer = await reserveWith({ body, headers: { "Content-Type": type } });
      expect(answer.status).toBe(201);
    }
  });

  const tooLarge = {
    code: "PAYLOAD_TOO_LARGE",
    message: "The body is larger than 1 MiB.",
  } as const;

  it("is too large when its length says so", async () => {
    expectError(await reserveWith({ body: `"${"x".repeat(ONE_MIB)}"` }), 413, tooLarge);
  });

  it("is too large when it turns out so, without a length", async () => {
    const pieces = Array.from({ length: 20 }, () =>
      new TextEncoder().encode("x".repeat(ONE_MIB / 16)),
    );
    const body = new ReadableStream<Uint8Array>({
      pull: (stream) => {
        const piece = pieces.pop();
        if (piece === undefined) stream.close();
        else stream.enqueue(piece);
      },
    });
    expectError(await call("POST", "/api/v1/reservations", { body }), 413, tooLarge);
  });

  it("is taken at exactly the limit", async () => {
    const frame = JSON.stringify({ items: [], note: "" }).length;
    const body = JSON.stringify({ items: [], note: "x".repeat(ONE_MIB - frame) });
    expect(body).toHaveLength(ONE_MIB);
    expect((await reserveWith({ body })).status).toBe(422);
  });
});

describe("An Accept header", () => {
  it("that excludes JSON is refused", async () => {
    for (const Accept of ["text/html", "image/*, text/plain", "application/json;q=0", "text/*"]) {
      expectError(await call("GET", "/api/v1/products", { headers: { Accept } }), 406, {
        code: "NOT_ACCEPTABLE",
        message: "This API answers in application/json only.",
      });
    }
  });

  it("that allows JSON among others is served", async () => {
    for (const Accept of [
      "*/*",
      "text/html, application/json;q=0.1",
      "application/*",
      "text/html,*/*;q=0.8",
    ]) {
      expect((await call("GET", "/api/v1/products", { headers: { Accept } })).status).toBe(200);
    }
  });
});

describe("Credentials", () => {
  const unauthenticated = {
    code: "UNAUTHENTICATED",
    message: "This call needs valid credentials: Authorization: Bearer <access token or API key>.",
  } as const;

  it("are asked for where staff only may call", async () => {
    const answer = await call("GET", "/api/v1/inventory");
    expectError(answer, 401, unauthenticated);
    expect(answer.headers.get("WWW-Authenticate")).toBe(BEARER);
  });

  it("that are wrong or malformed are refused, also where none are needed", async () => {
    const headers = ["Bearer hf_wrong", "Bearer", "Bearer a b", "Basic YWRhOmFkYQ==", "hf_wrong"];
    for (const path of ["/api/v1/inventory", "/api/v1/products"]) {
      for (const Authorization of headers) {
        const answer = await call("GET", path, { headers: { Authorization } });
        expectError(answer, 401, unauthenticated);
        expect(answer.headers.get("WWW-Authenticate")).toBe(BEARER);
      }
    }
  });

  it("are asked for an order without its token", async () => {
    const answer = await call("GET", "/api/v1/orders/ord_none");
    expectError(answer, 401, {
      code: "UNAUTHENTICATED",
      message: "Send the order's token as X-Order-Token, or sign in.",
    });
    expect(answer.headers.get("WWW-Authenticate")).toBe(BEARER);
  });
});

describe("An address", () => {
  it("where nothing is, is not found", async () => {
    for (const path of ["/api/v1/nothing", "/api/v1/products/a/b", "/api/v2/products"]) {
      for (const method of ["GET", "POST", "DELETE"]) {
        const answer = await call(method, path);
        const message = "There is nothing at this address.";
        expectError(answer, 404, { code: "NOT_FOUND", message });
      }
    }
  });

  it("of a thing that does not exist names the thing", async () => {
    const things: [string, string][] = [
      ["/api/v1/products/no-such-thing", "product"],
      ["/api/v1/products/prod_none", "product"],
      ["/api/v1/inventory/NO-SUCH-SKU", "SKU"],
      ["/api/v1/inventory/NO-SUCH-SKU/movements", "SKU"],
      ["/api/v1/reservations/rsv_none", "reservation"],
      ["/api/v1/orders/ord_none", "order"],
      ["/api/v1/orders/ord_none/events", "order"],
    ];
    for (const [path, thing] of things) {
      const message = `There is no such ${thing}.`;
      expectError(await asAdmin("GET", path), 404, { code: "NOT_FOUND", message });
    }
  });

  it("says which methods it has", async () => {
    const addresses: [string, string, string][] = [
      ["DELETE", "/api/v1/products", "GET, HEAD, POST"],
      ["PUT", "/api/v1/products/some-slug", "DELETE, GET, HEAD, PATCH"],
      ["PATCH", "/api/v1/reservations", "GET, HEAD, POST"],
      ["POST", "/api/v1/reservations/rsv_1", "DELETE, GET, HEAD, PATCH"],
      ["GET", "/api/v1/checkouts", "POST"],
      ["GET", "/webhooks/stripe", "POST"],
      ["POST", "/health", "GET, HEAD"],
    ];
    for (const [method, path, allow] of addresses) {
      const answer = await call(method, path);
      const message = `${method} is not possible here. Possible: ${allow}.`;
      expectError(answer, 405, { code: "METHOD_NOT_ALLOWED", message });
      expect(answer.headers.get("Allow")).toBe(allow);
    }
  });
});

describe("Input that is not right", () => {
  it("has its unknown body fields named, whatever they are called", async () => {
    const items = [{ sku: "A", quantity: 1 }];
    for (const name of ["price", "constructor", "toString", "__proto__", "hasOwnProperty"]) {
      const body = `{"items":${JSON.stringify(items)},"${name}":1}`;
      const answer = await reserveWith({ body });
      expect(answer.status).toBe(422);
      expect(Object.entries(answer.body.error.fields)).toEqual([[name, "There is no such field."]]);
    }
  });

  it("has its unknown query parameters named, on lists and on single things", async () => {
    const paths = [
      "/products?colour=red",
      "/products/some-slug?colour=red",
      "/reservations/rsv_1?colour=red",
    ];
    for (const path of paths) {
      const answer = await call("GET", `/api/v1${path}`);
      expectError(answer, 422, invalid({ colour: "There is no such field." }));
    }
  });

  it("is named by its JSON path", async () => {
    const sku = "A";
    expectError(
      await reserveWith({ body: { items: [{ sku, quantity: 0 }, { sku, colour: 1 }, "x"] } }),
      422,
      invalid({
        "items[0].quantity": "Too small: expected number to be >=1.",
        "items[1].quantity": "Is required.",
        "items[1].colour": "There is no such field.",
        "items[2]": "Invalid input: expected object, received string.",
      }),
    );
    expectError(await reserveWith({ body: {} }), 422, invalid({ items: "Is required." }));
  });

  it("is told when the whole body is something else", async () => {
    for (const body of ["[]", "null", "7", '"text"']) {
      const { status, body: said } = await reserveWith({ body });
      expect(status).toBe(422);
      expect(Object.keys(said.error.fields)).toEqual(["json"]);
    }
  });

  it("has its wrong cursor named", async () => {
    const wrong = "Is not a cursor of this list. Start again without it.";
    const cursors = [
      "x",
      "%00",
      "e30",
      btoa("[1]"),
      btoa('["a","b"]'),
      btoa('[1e999,"a"]'),
      btoa("null"),
    ];
    for (const cursor of cursors) {
      const answer = await call("GET", `/api/v1/products?cursor=${encodeURIComponent(cursor)}`);
      expectError(answer, 422, invalid({ cursor: wrong }));
    }
  });
});
