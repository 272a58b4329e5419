import { env, exports } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { createApp } from "../../src/app.ts";
import { servicesOf } from "../../src/services.ts";
import { useWorld } from "../support/world.ts";

useWorld();

describe("The router", () => {
  it("takes every address into one expression: one pair that it cannot tell apart would make all of them slow", async () => {
    const app = createApp(servicesOf(env));
    await app.request("/health", {}, env);
    expect(app.router.name).toBe("SmartRouter + RegExpRouter");
  });

  it("asks one function before a route: each more costs every request", () => {
    const before = createApp(servicesOf(env)).routes.filter(({ path }) => path === "/*");
    expect(before).toHaveLength(1);
  });

  it("knows the way to what the forms of an account lead to", async () => {
    for (const path of ["/account/sessions/ses_x/end", "/account/end-others"]) {
      const answer = await exports.default.fetch(`https://shop.test${path}`, {
        redirect: "manual",
      });
      expect([path, answer.status]).toEqual([path, 303]);
    }
  });
});
