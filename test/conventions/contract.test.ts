import { describe, expect, it } from "vitest";
import { checkContract, documentedRoutes } from "../support/contract.ts";
import type { Answer } from "../support/http.ts";

const json = { "Content-Type": "application/json" };

function answer(status: number, body: unknown): Answer {
  const text = body === undefined ? "" : JSON.stringify(body);
  return { status, headers: new Headers(json), text, body };
}

const level = { sku: "A", onHand: 1, reserved: 0, available: 1, lowStockThreshold: 5 };
const error = (code: string) => ({ error: { code, message: "No.", requestId: "req_1" } });
const PATH = "/api/v1/inventory/A";

describe("The net under every test", () => {
  it("lets through what is documented", async () => {
    await checkContract("GET", `${PATH}?a=b`, answer(200, { data: level }));
    await checkContract("HEAD", PATH, answer(200, undefined));
    await checkContract("GET", PATH, answer(304, undefined));
    await checkContract("GET", PATH, answer(404, error("NOT_FOUND")));
    await checkContract("PUT", PATH, answer(405, error("METHOD_NOT_ALLOWED")));
    await checkContract("GET", "/api/v1/nothing", answer(404, error("NOT_FOUND")));
  });

  const holes: [string, string, string, Answer][] = [
    ["an undocumented address", "GET", "/api/v1/secret", answer(200, { data: {} })],
    ["an undocumented status", "GET", PATH, answer(202, { data: level })],
    ["an undocumented field", "GET", PATH, answer(200, { data: { ...level, cost: 1 } })],
    ["a field beside data", "GET", PATH, answer(200, { data: level, debug: true })],
    ["a missing field", "GET", PATH, answer(200, { data: { sku: "A" } })],
    ["a fraction for a whole", "GET", PATH, answer(200, { data: { ...level, onHand: 1.5 } })],
    ["a code under the wrong status", "GET", PATH, answer(404, error("CONFLICT"))],
    ["a code that does not exist", "GET", PATH, answer(404, error("TEAPOT"))],
    ["a body under 304", "GET", PATH, answer(304, { data: level })],
    ["a body of HEAD", "HEAD", PATH, answer(200, { data: level })],
    ["no body where one is promised", "GET", PATH, answer(200, undefined)],
  ];
  for (const [what, method, path, said] of holes) {
    it(`catches ${what}`, async () => {
      await expect(checkContract(method, path, said)).rejects.toThrow("breaks its contract");
    });
  }

  it("knows the routes that the shop sells through", async () => {
    expect(await documentedRoutes()).toEqual(
      expect.arrayContaining([
        "GET /api/v1/products",
        "POST /api/v1/reservations",
        "POST /api/v1/checkouts",
        "GET /api/v1/orders/{id}",
        "POST /webhooks/stripe",
        "GET /health/ready",
      ]),
    );
  });
});
