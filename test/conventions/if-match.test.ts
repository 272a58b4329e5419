import { describe, expect, it } from "vitest";
import { makeMember } from "../support/credentials.ts";
import type { Answer } from "../support/http.ts";
import { as, asAdmin } from "../support/people.ts";
import { level, makeSku, reserveAs } from "../support/shop.ts";
import { useWorld } from "../support/world.ts";

useWorld();

const STALE = { "If-Match": '"another"' };
const tagOf = (answer: Answer) => answer.headers.get("ETag") ?? "none";
const said = ({ status, body }: Answer) => [status, body?.error?.code];
const REFUSED = [412, "PRECONDITION_FAILED"];

describe("A change of what was read before", () => {
  it("is refused when it has changed since: of oneself", async () => {
    const member = await makeMember();
    const patch = (name: string, headers: Record<string, string>) =>
      as(member, "PATCH", "/api/v1/me", { headers, body: { name } });
    const seen = { "If-Match": tagOf(await as(member, "GET", "/api/v1/me")) };
    const first = await patch("Grace", seen);
    expect(first.status).toBe(200);
    expect(said(await patch("Ada", seen))).toEqual(REFUSED);
    expect((await as(member, "GET", "/api/v1/me")).body.data.name).toBe("Grace");
    expect((await patch("Ada", { "If-Match": tagOf(first) })).status).toBe(200);
    expect((await patch("Eve", { "If-Match": "*" })).status).toBe(200);
  });

  it("of a user", async () => {
    const { id } = await makeMember();
    const patch = (role: string, headers: Record<string, string>) =>
      asAdmin("PATCH", `/api/v1/users/${id}`, { headers, body: { role } });
    expect(said(await patch("agent", STALE))).toEqual(REFUSED);
    const seen = { "If-Match": tagOf(await patch("agent", {})) };
    expect((await patch("customer", seen)).status).toBe(200);
    expect(said(await patch("admin", seen))).toEqual(REFUSED);
  });

  it("of an API key, to take it over or to end it", async () => {
    const body = { name: "Key", scopes: ["orders:read"] };
    const { id } = (await asAdmin("POST", "/api/v1/api-keys", { body })).body.data;
    const path = `/api/v1/api-keys/${id}`;
    const keep = (headers: Record<string, string>) =>
      asAdmin("PATCH", path, { headers, body: { keep: true } });
    expect(said(await keep(STALE))).toEqual(REFUSED);
    expect(said(await asAdmin("DELETE", path, { headers: STALE }))).toEqual(REFUSED);
    const seen = { "If-Match": tagOf(await keep({})) };
    expect((await keep(seen)).status).toBe(200);
    expect((await asAdmin("DELETE", path, { headers: seen })).status).toBe(204);
  });

  it("of a hold", async () => {
    const buyer = await makeMember();
    const sku = await makeSku(3);
    const { id } = (await reserveAs(buyer, [{ sku, quantity: 2 }])).body.data;
    const path = `/api/v1/reservations/${id}`;
    expect(said(await as(buyer, "DELETE", path, { headers: STALE }))).toEqual(REFUSED);
    expect(await level(sku)).toMatchObject({ reserved: 2 });
    const seen = { "If-Match": tagOf(await as(buyer, "GET", path)) };
    expect((await as(buyer, "DELETE", path, { headers: seen })).status).toBe(204);
  });
});
