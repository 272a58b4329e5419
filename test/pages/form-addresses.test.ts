import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { createApp } from "../../src/app.ts";
import { servicesOf } from "../../src/services.ts";
import { makeMember, makeSession } from "../support/credentials.ts";
import { call } from "../support/http.ts";
import { makeSku, reserve } from "../support/shop.ts";
import { rows, useWorld } from "../support/world.ts";

useWorld();

const FOR_PROGRAMS = /^\/(api|webhooks)\//;

/** Every address of a page that takes a form, as the app has it. */
const FORMS = createApp(servicesOf(env))
  .routes.filter(({ method, path }) => method === "POST" && !FOR_PROGRAMS.test(path))
  .map(({ path }) => path);

/** Without what the mail's link carries there is no form. */
const MAIL_LINKS = new Set(["/reset-password", "/verify-email"]);

async function filled(path: string): Promise<string> {
  const sku = await makeSku(5);
  if (path.startsWith("/products/")) return path.replace(":slug", `product-${sku.toLowerCase()}`);
  if (path.startsWith("/account/")) return path.replace(":id", "ses_x");
  return path.replace(":id", (await reserve([{ sku, quantity: 1 }])).body.data.id);
}

async function signedIn(): Promise<Record<string, string>> {
  const { refreshToken } = await makeSession((await makeMember()).id, "browser");
  return { Cookie: `__Host-session=${refreshToken}` };
}

describe("The address of a form, typed or loaded again", () => {
  it("is that of each form there is", () => {
    expect(FORMS.length).toBeGreaterThan(12);
  });

  it.each(FORMS)("leads to the page that has the form: %s", async (path) => {
    const headers = await signedIn();
    const first = await call("GET", await filled(path), { headers });
    if (first.status === 303) {
      const page = await call("GET", first.headers.get("Location") ?? "", { headers });
      expect([page.status, page.text]).toEqual([200, expect.stringContaining('method="post"')]);
    } else if (MAIL_LINKS.has(path)) expect(first.text).toContain("This link does not work");
    else
      expect([first.status, first.text]).toEqual([200, expect.stringContaining('method="post"')]);
  });

  it("does nothing: the hold is held, and nobody is signed out", async () => {
    const { body } = await reserve([{ sku: await makeSku(5), quantity: 1 }]);
    const page = `/reservations/${body.data.id}`;
    for (const form of ["checkout", "release"]) {
      const led = await call("GET", `${page}/${form}`);
      expect([led.status, led.headers.get("Location")]).toEqual([303, page]);
    }
    const early = await call("GET", `${page}/order`);
    expect([early.status, early.headers.get("Location")]).toEqual([303, page]);
    expect(await rows("SELECT status FROM reservations")).toEqual([{ status: "held" }]);
    const headers = await signedIn();
    expect((await call("GET", "/sign-out", { headers })).headers.get("Location")).toBe("/account");
    expect((await call("GET", "/account", { headers })).status).toBe(200);
  });
});
