import { describe, expect, it } from "vitest";
import { newProduct } from "../support/catalog.ts";
import { makeKey, makeMember, makeSession, scopesWithout } from "../support/credentials.ts";
import { call } from "../support/http.ts";
import { rows, settle, useWorld } from "../support/world.ts";

useWorld();

const PRIVATE = "private, no-store";
const PUBLIC = "public, max-age=0, s-maxage=60, stale-while-revalidate=300";
const STATUSES = ["draft", "active", "archived"] as const;

interface Made {
  readonly id: string;
  readonly slug: string;
}

/** One product of each status, all of them with one word. */
async function oneOfEach(): Promise<Record<(typeof STATUSES)[number], Made>> {
  const draft = await newProduct({ title: "Umbrella one", status: "draft" });
  const active = await newProduct({ title: "Umbrella two" });
  const archived = await newProduct({ title: "Umbrella three" });
  expect(draft.headers.get("Location")).toBe(`/api/v1/products/${draft.body.data.id}`);
  await rows("UPDATE products SET status = 'archived' WHERE id = ?", archived.body.data.id);
  await settle();
  return { draft: draft.body.data, active: active.body.data, archived: archived.body.data };
}

const bearer = (token: string) => ({ headers: { Authorization: `Bearer ${token}` } });

/** Whoever works on the catalog. */
const STAFF = {
  "an admin": async () => bearer((await makeMember("admin")).accessToken),
  "an agent": async () => bearer((await makeMember("agent")).accessToken),
  "a key with the scope": async () => bearer((await makeKey(["catalog:write"])).secret),
};

const SHOPPERS = {
  "a guest": async () => ({}),
  "a customer": async () => bearer((await makeMember()).accessToken),
  "a key without the scope": async () =>
    bearer((await makeKey(scopesWithout("catalog:write"))).secret),
};

describe.each(Object.entries(STAFF))("For %s", (_, credentials) => {
  it("drafts and archived products are where they are said to be, and in no shared cache", async () => {
    const made = await oneOfEach();
    const who = await credentials();
    for (const status of STATUSES) {
      for (const key of [made[status].id, made[status].slug]) {
        const read = await call("GET", `/api/v1/products/${key}`, who);
        expect([read.status, read.body.data?.status]).toEqual([200, status]);
        expect(read.headers.get("Cache-Control")).toBe(PRIVATE);
      }
    }
  });

  it("lists have the products of the status that was asked for, with a search and without", async () => {
    const made = await oneOfEach();
    const who = await credentials();
    for (const status of STATUSES) {
      for (const sort of ["newest", "price", "-price", "popular"]) {
        const query = `status=${status}&sort=${sort}`;
        const list = await call("GET", `/api/v1/products?${query}&include=total`, who);
        expect(list.body.data.map(({ id }: Made) => id)).toEqual([made[status].id]);
        expect([list.body.meta.total, list.headers.get("Cache-Control")]).toEqual([1, PRIVATE]);
      }
    }
    const drafts = await call("GET", "/api/v1/products?status=draft&q=umbrella", who);
    expect(drafts.body.data.map(({ id }: Made) => id)).toEqual([made.draft.id]);
    expect(drafts.headers.get("Cache-Control")).toBe(PRIVATE);
    const active = await call("GET", "/api/v1/products", who);
    expect(active.body.data.map(({ id }: Made) => id)).toEqual([made.active.id]);
    expect(active.headers.get("Cache-Control")).toBe(PRIVATE);
  });
});

describe.each(Object.entries(SHOPPERS))("For %s", (name, credentials) => {
  it("a draft or an archived product is neither listed nor found nor read", async () => {
    const made = await oneOfEach();
    const who = await credentials();
    for (const path of ["/api/v1/products", "/api/v1/products?q=umbrella"]) {
      const { body, headers } = await call("GET", path, who);
      expect(body.data.map(({ id }: Made) => id)).toEqual([made.active.id]);
      expect(headers.get("Cache-Control")).toBe(PUBLIC);
    }
    for (const status of ["draft", "archived"] as const) {
      for (const key of [made[status].id, made[status].slug])
        expect((await call("GET", `/api/v1/products/${key}`, who)).status).toBe(404);
    }
  });

  it("a list of drafts is refused", async () => {
    const who = await credentials();
    const [status, code] = name === "a guest" ? [401, "UNAUTHENTICATED"] : [403, "FORBIDDEN"];
    for (const query of ["status=draft", "status=archived&q=a", "status=archived&sort=price"]) {
      const answer = await call("GET", `/api/v1/products?${query}`, who);
      expect([query, answer.status, answer.body.error.code]).toEqual([query, status, code]);
      expect(answer.headers.get("Cache-Control")).toBe(PRIVATE);
    }
    expect((await call("GET", "/api/v1/products?status=active", who)).status).toBe(200);
    expect((await call("GET", "/api/v1/products?status=sold", who)).status).toBe(422);
  });
});

describe("The storefront", () => {
  it("shows nobody what is not for sale, not even staff who look at it", async () => {
    const { draft } = await oneOfEach();
    const admin = await makeMember("admin");
    const { refreshToken: secret } = await makeSession(admin.id, "browser");
    const headers = { Cookie: `__Host-session=${secret}` };
    expect((await call("GET", `/products/${draft.slug}`, { headers })).status).toBe(404);
  });
});
