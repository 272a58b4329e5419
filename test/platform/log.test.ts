import { env } from "cloudflare:workers";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Log, redact } from "../../src/platform/log.ts";
import { logOf, shopOver } from "../support/rig.ts";

const SECRETS = [
  "sk_live_51Habc",
  "rk_test_zzz",
  "whsec_abcdef",
  "hf_test_admin_key_000000000000000000000",
  "ot_R3f-_x9",
  "etk_01k9.c2ln-_",
  "gb_0123456789abcdefghijABCDEFGHIJ",
  "rsv_01k9zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz",
  "rsv%5F01k9zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz",
  "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJ1c3IifQ.c2ln-_",
  "Bearer abc.def",
  "bearer abc.def",
  "ada@example.com",
  "jürgen@exämple.de",
  "a.b+c@mail.example.co.uk",
  "ada%40example.com",
];

const written = (value: unknown) => JSON.stringify(redact(value));

describe("What is logged", () => {
  it("has secrets and addresses taken out, wherever in a text they stand", () => {
    for (const secret of SECRETS) {
      for (const text of [
        secret,
        `before ${secret} after`,
        `(${secret})`,
        `"${secret}",x`,
        `a=${secret}&b`,
      ]) {
        expect(written({ text })).not.toContain(secret);
        expect(written([text, [text]])).not.toContain(secret);
        expect(written(new Error(text, { cause: new Error(text) }))).not.toContain(secret);
      }
    }
  });

  it("has what stands under a telling name taken out, whatever it looks like", () => {
    const names = [
      "authorization",
      "Cookie",
      "password",
      "currentPassword",
      "clientSecret",
      "refreshToken",
      "signature",
      "apiKey",
      "api_key",
      "api-key",
      "email",
      "customerEmail",
      "shippingAddress",
      "phone",
      "payload",
      "name",
      "body",
      "to",
    ];
    for (const name of names) {
      expect(redact({ [name]: "plain" })).toEqual({ [name]: "[redacted]" });
      expect(redact({ [name]: { inner: ["plain"] } })).toEqual({ [name]: "[redacted]" });
    }
  });

  it("has secrets taken out of names too", () => {
    expect(written({ "ada@example.com": 1 })).not.toContain("ada@");
  });

  it("keeps what helps", () => {
    const line = {
      path: "/api/v1/orders/ord_1",
      status: 200,
      orderId: "ord_1",
      sku: "A",
      ok: true,
      gone: null,
    };
    expect(redact(line)).toEqual(line);
    expect(redact(new TypeError("Bad", { cause: new Error("Why") }))).toEqual({
      type: "TypeError",
      message: "Bad",
      causes: ["Error: Why"],
    });
  });

  it("shows no stack, and stays short", () => {
    expect(written(new Error("Bad"))).not.toContain("log.test");
    expect(written("x".repeat(10_000)).length).toBeLessThan(600);
    expect(written(Array.from({ length: 1000 }, (_, i) => i)).length).toBeLessThan(200);
  });

  it("is read in a time that grows with its length, not faster", () => {
    const timeOf = (length: number) => {
      const started = performance.now();
      redact("a".repeat(length));
      redact("a.".repeat(length / 2));
      return performance.now() - started;
    };
    let [short, long] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
    for (let tries = 0; tries < 10 && !(long < short * 40); tries += 1) {
      short = Math.min(short, timeOf(20_000));
      long = Math.min(long, timeOf(200_000));
    }
    expect(long).toBeLessThan(short * 40); // 10 times as long: squared, it would be 100
  });

  it("is one line of JSON, whatever is put in", async () => {
    const ring: { self?: unknown } = {};
    ring.self = ring;
    const nasty = [
      ring,
      10n,
      Symbol("s"),
      () => 1,
      new Date(0),
      new Map([["a", 1]]),
      "\n\r\u2028",
      Number.NaN,
    ];
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.anything(), fc.constantFrom(...nasty)), async (value) => {
        const { text } = await logOf(async () => new Log({ event: "test", value }).emit(), "test");
        expect(text).not.toMatch(/[\n\r]/);
        expect(JSON.parse(text)).toMatchObject({ level: "info", event: "test" });
      }),
      { numRuns: 200 },
    );
  });
});

describe("A request", () => {
  it("is one line with its id, its outcome and its round trips, and nothing that it carried", async () => {
    const shop = shopOver(env.DB);
    const secrets = {
      Authorization: "Bearer hf_not_the_key",
      "X-Order-Token": "ot_token_of_a_guest",
      Cookie: "session=abc",
      "Idempotency-Key": "key-of-ada",
    };
    const { lines, text } = await logOf(async () => {
      await shop.call("GET", "/api/v1/orders/ord_1?email=ada@example.com", { headers: secrets });
      await shop.call("POST", "/api/v1/reservations", { body: { email: "ada@example.com" } });
      await shop.call("GET", "/api/v1/products/ada%40example.com");
      await shop.call("GET", "/api/v1/products");
    }, "request");
    expect(lines).toHaveLength(4);
    for (const line of lines) {
      expect(line).toMatchObject({
        level: "info",
        event: "request",
        requestId: expect.stringMatching(/^req_/),
        method: expect.any(String),
        path: expect.stringMatching(/^\/api/),
        status: expect.any(Number),
        ms: expect.any(Number),
        trips: expect.any(Number),
      });
    }
    expect(lines.map(({ status, code }) => [status, code])).toEqual([
      [401, "UNAUTHENTICATED"],
      [422, "VALIDATION_FAILED"],
      [404, "NOT_FOUND"],
      [200, undefined],
    ]);
    for (const secret of ["hf_not", "ot_token", "session", "key-of", "ada@", "ada%40"]) {
      expect(text).not.toContain(secret);
    }
  });

  it("about a hold does not say which: a guest's belongs to whoever knows its id", async () => {
    const shop = shopOver(env.DB);
    const id = "rsv_01k9zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz";
    const { lines, text } = await logOf(async () => {
      await shop.call("GET", `/api/v1/reservations/${id}`);
      await shop.call("DELETE", `/api/v1/reservations/${id}`);
      await shop.call("GET", `/reservations/${id}/order`);
      await shop.call("GET", `/reservations/${id.replace("_", "%5f")}/countdown.svg`);
    }, "request");
    expect(lines.map(({ path }) => path)).toEqual([
      "/api/v1/reservations/[redacted]",
      "/api/v1/reservations/[redacted]",
      "/reservations/[redacted]/order",
      "/reservations/[redacted]/countdown.svg",
    ]);
    expect(text).not.toContain("01k9zzz");
  });

  it("that notes what it survived says so on its one line, at the worst level seen", async () => {
    const { lines } = await logOf(async () => {
      const log = new Log({ event: "test" });
      log.note("warn", "mail_down", new Error("To ada@example.com"));
      log.note("error", "database_down", new Error("gone"));
      log.raise("warn");
      log.emit({ ms: 1 });
    }, "test");
    expect(lines).toEqual([
      {
        level: "error",
        event: "test",
        ms: 1,
        notes: [
          { event: "mail_down", error: { type: "Error", message: "To [redacted]" } },
          { event: "database_down", error: { type: "Error", message: "gone" } },
        ],
      },
    ]);
  });
});
