import { describe, expect, inject, it } from "vitest";
import { newAddress, PASSWORD } from "./support/people.ts";

const UNCACHED = "private, no-store";
const PUBLIC = "public, max-age=0, s-maxage=60, stale-while-revalidate=300";

function get(path: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(inject("shop").url + path, { headers, redirect: "manual" });
}

function post(
  path: string,
  fields: Record<string, string>,
  headers: Record<string, string> = {},
): Promise<Response> {
  return fetch(inject("shop").url + path, {
    method: "POST",
    body: new URLSearchParams(fields),
    headers,
    redirect: "manual",
  });
}

/** The cookie that an answer sets, as a browser sends it back. */
function cookieOf(response: Response): string {
  return (response.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
}

async function newPerson(): Promise<{ email: string; cookie: string }> {
  const email = newAddress();
  const made = await post("/register", { name: "Ada", email, password: PASSWORD });
  expect(made.status).toBe(303);
  return { email, cookie: cookieOf(made) };
}

const PAGES = ["/account", "/account/orders", "/account/sessions"];
const FORMS = [
  "/sign-in",
  "/register",
  "/sign-out",
  "/forgot-password",
  "/reset-password",
  "/verify-email",
  "/account/name",
  "/account/password",
  "/account/verification",
  "/account/end-others",
  "/account/sessions/ses_x/end",
];

describe("The session's cookie", () => {
  it("is out of reach for scripts, other hosts and plain HTTP", async () => {
    const answer = await post("/register", {
      name: "Ada",
      email: newAddress(),
      password: PASSWORD,
    });
    expect(answer.headers.get("set-cookie")).toMatch(
      /^__Host-session=bs_[A-Za-z0-9]{30,40}; Max-Age=2592000; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    );
  });

  it("is a new one at each sign-in, whatever the browser sent, and the old one is over", async () => {
    const { email, cookie } = await newPerson();
    const again = await post("/sign-in", { email, password: PASSWORD }, { Cookie: cookie });
    const fresh = cookieOf(again);
    expect(fresh).not.toBe(cookie);
    expect((await get("/account", { Cookie: cookie })).status).toBe(303);
    expect((await get("/account", { Cookie: fresh })).status).toBe(200);
    const planted = `__Host-session=bs_${"a".repeat(40)}`;
    const given = await post("/sign-in", { email, password: PASSWORD }, { Cookie: planted });
    expect(cookieOf(given)).not.toBe(planted);
    expect((await get("/account", { Cookie: planted })).status).toBe(303);
  });

  it("is removed at the sign-out, and good for nothing afterwards", async () => {
    const { cookie } = await newPerson();
    const out = await post("/sign-out", {}, { Cookie: cookie });
    expect(out.headers.get("set-cookie")).toMatch(/^__Host-session=; Max-Age=0; Path=\/; Secure$/);
    expect((await get("/account", { Cookie: cookie })).status).toBe(303);
    expect((await post("/sign-out", {}, { Cookie: cookie })).status).toBe(303);
  });

  it("says nothing to the API, and a token nothing to the pages", async () => {
    const { email, cookie } = await newPerson();
    expect((await get("/api/v1/me", { Cookie: cookie })).status).toBe(401);
    const secret = cookie.split("=")[1];
    expect((await get("/api/v1/me", { Authorization: `Bearer ${secret}` })).status).toBe(401);
    const refresh = await fetch(`${inject("shop").url}/api/v1/auth/refresh`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ refreshToken: secret }),
    });
    expect(refresh.status).toBe(401);

    const login = await fetch(`${inject("shop").url}/api/v1/auth/login`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ email, password: PASSWORD }),
    });
    expect(login.headers.get("set-cookie")).toBeNull();
    const { data } = (await login.json()) as {
      data: { accessToken: string; refreshToken: string };
    };
    expect((await get("/account", { Authorization: `Bearer ${data.accessToken}` })).status).toBe(
      303,
    );
    const asCookie = { Cookie: `__Host-session=${data.refreshToken}` };
    expect((await get("/account", asCookie)).status).toBe(303);
    const plainName = { Cookie: cookie.replace("__Host-", "") };
    expect((await get("/account", plainName)).status).toBe(303);
  });

  it("is nobody's when it is nonsense", async () => {
    for (const value of ["", "bs_", "x".repeat(5000), "%00", "bs_' OR 1=1 --", "%E0%A4%A"]) {
      const answer = await get("/account", { Cookie: `__Host-session=${value}` });
      expect(answer.status).toBe(303);
    }
  });
});

describe("The way back after signing in", () => {
  it("never leads out of the shop", async () => {
    const { email } = await newPerson();
    const { host } = new URL(inject("shop").url);
    const attempts = [
      "https://evil.test/",
      "//evil.test/",
      "/\\evil.test",
      "\\\\evil.test",
      "/\t/evil.test",
      "/\n/evil.test",
      "/.//evil.test",
      "/x/..//evil.test",
      "/%2e//evil.test",
      "/./\\evil.test",
      "javascript:alert(1)",
      "data:text/html,x",
      `//${host}@evil.test`,
      " //evil.test",
      "http:evil.test",
      "evil.test",
      "/sign-out",
      "/api/v1/me",
      "",
    ];
    for (const next of attempts) {
      const answer = await post("/sign-in", { email, password: PASSWORD, next });
      const location = answer.headers.get("location") ?? "";
      expect([next, location]).toEqual([next, expect.stringMatching(/^\/(account$|%20\/)/)]);
      expect(new URL(location, inject("shop").url).host).toBe(host);
      const page = await (await get(`/sign-in?${new URLSearchParams({ next })}`)).text();
      expect(page).not.toContain("evil.test");
    }
  });

  it("leads back to a page of the shop, also through the registration", async () => {
    const { email, cookie } = await newPerson();
    const next = "/?q=wool&sort=price";
    const signedIn = await post("/sign-in", { email, password: PASSWORD, next });
    expect(signedIn.headers.get("location")).toBe(next);
    const registered = await post("/register", {
      name: "Ada",
      email: newAddress(),
      password: PASSWORD,
      next,
    });
    expect(registered.headers.get("location")).toBe(next);
    const known = await get(`/sign-in?${new URLSearchParams({ next })}`, { Cookie: cookie });
    expect(known.headers.get("location")).toBe(next);
    expect(await (await get(next)).text()).toContain(
      'href="/sign-in?next=%2F%3Fq%3Dwool%26sort%3Dprice"',
    );
  });
});

describe("A form of another site", () => {
  it.each(FORMS)("is refused at %s", async (path) => {
    const { cookie } = await newPerson();
    const foreign: Record<string, string>[] = [
      { "Sec-Fetch-Site": "cross-site" },
      { "Sec-Fetch-Site": "same-site" },
      { Origin: "https://evil.test" },
      { Origin: "null" },
    ];
    for (const headers of foreign) {
      const answer = await post(path, { name: "Mallory" }, { ...headers, Cookie: cookie });
      expect(answer.status).toBe(403);
      expect(await answer.text()).toContain("CSRF_REJECTED");
    }
    const account = await get("/account", { Cookie: cookie });
    expect(account.status).toBe(200);
    expect(await account.text()).not.toContain("Mallory");
  });
});

describe("Caches", () => {
  it("keep the catalog for everybody, and nothing of somebody", async () => {
    const { cookie } = await newPerson();
    for (const path of ["/", "/?q=wool", "/docs"]) {
      const guest = await get(path);
      expect(guest.headers.get("cache-control")).toBe(PUBLIC);
      expect(guest.headers.get("vary")).toContain("Cookie");
      const person = await get(path, { Cookie: cookie });
      expect(person.headers.get("cache-control")).toBe(UNCACHED);
      expect(await person.text()).toContain(">Ada</a>");
    }
    for (const path of [...PAGES, "/nope"]) {
      const answer = await get(path, { Cookie: cookie });
      expect(answer.headers.get("cache-control")).toBe(UNCACHED);
      expect(await answer.text()).toContain('name="robots" content="noindex"');
    }
    for (const path of ["/sign-in", "/register", "/forgot-password", "/reset-password?token=x"]) {
      const answer = await get(path);
      expect(answer.headers.get("cache-control")).toBe(UNCACHED);
      expect(await answer.text()).toContain('name="robots" content="noindex"');
    }
  });
});

describe("Weird input", () => {
  it("is never the server's fault", async () => {
    const { cookie } = await newPerson();
    const odd: Record<string, string>[] = [
      {},
      { email: "\u0000", password: "\u0000", name: "\u0000", token: "\u0000", next: "\u0000" },
      {
        email: `${"a".repeat(9000)}@example.com`,
        password: "p".repeat(90_000),
        name: "n".repeat(900),
      },
      { email: "a@b.cc", password: "\ud800 lone half of a character", name: "\u202e", token: "." },
      { currentPassword: "x".repeat(90_000), password: "x".repeat(200), token: "etk_x.y" },
    ];
    for (const path of FORMS.filter((one) => !/sign-out|end-others|verification/.test(one))) {
      for (const fields of odd) {
        for (const headers of [{}, { Cookie: cookie }]) {
          const { status } = await post(path, fields, headers);
          expect([path, status < 500]).toEqual([path, true]);
        }
      }
    }
    expect((await get("/account/orders?cursor=wrong", { Cookie: cookie })).status).toBe(422);
    expect((await get("/account?done=%3Cb%3E", { Cookie: cookie })).status).toBe(200);
  });
});
