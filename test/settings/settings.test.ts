import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { servicesOf } from "../../src/services.ts";
import { expectError } from "../support/expect-error.ts";
import { call } from "../support/http.ts";
import { asAdmin } from "../support/people.ts";
import { shopOver } from "../support/rig.ts";
import { saySettings, shopSettings } from "../support/settings.ts";
import { hearOfEverything, rows, travel, useWorld } from "../support/world.ts";

useWorld();
beforeEach(hearOfEverything);

const read = () => asAdmin("GET", "/api/v1/settings/shop");
const home = () => call("GET", "/");
const CHANGED = {
  code: "PRECONDITION_FAILED",
  message: "The settings have changed since you read them. Read them again.",
};

describe("What the shop says of itself", () => {
  it("is the defaults as long as nobody has said anything", async () => {
    const { status, headers, body } = await read();
    expect([status, headers.get("ETag")]).toEqual([200, '"0-0"']);
    expect(body.data).toEqual({
      name: null,
      tagline: null,
      seller: null,
      receipt: { footer: null },
      operatorMails: { paidOrders: true, lowStock: true, attention: true },
    });
    expect(await rows("SELECT 1 FROM shop_settings")).toEqual([]);
  });

  it("is what was said last, all of it, and can be sent back as it is read", async () => {
    const said = await saySettings();
    expect(said.status).toBe(200);
    const { seller } = shopSettings();
    const all = { ...shopSettings(), seller: { ...seller, registrationNumber: null, phone: null } };
    expect(said.body.data).toEqual(all);
    const { headers, body } = await read();
    expect(body.data).toEqual(all);
    expect(headers.get("ETag")).toBe(said.headers.get("ETag"));
    const again = await asAdmin("PUT", "/api/v1/settings/shop", { body: body.data });
    expect([again.status, again.body.data]).toEqual([200, all]);
    await saySettings({ seller: null, name: null });
    expect((await read()).body.data).toMatchObject({ seller: null, name: null });
  });

  it("is changed by who has seen it as it is", async () => {
    const seen = String((await read()).headers.get("ETag"));
    const first = await saySettings({ name: "First" }, { "If-Match": seen });
    expect(first.status).toBe(200);
    expectError(await saySettings({ name: "Second" }, { "If-Match": seen }), 412, CHANGED);
    expect((await read()).body.data.name).toBe("First");
    const tags = `${seen}, ${first.headers.get("ETag")}`;
    expect((await saySettings({ name: "Third" }, { "If-Match": tags })).status).toBe(200);
    expect((await saySettings({ name: "Fourth" }, { "If-Match": "*" })).status).toBe(200);
    expect((await read()).body.data.name).toBe("Fourth");
  });

  it("is changed by one of many who have seen the same", async () => {
    const seen = String((await saySettings()).headers.get("ETag"));
    const answers = await Promise.all(
      ["A", "B", "C", "D"].map((name) => saySettings({ name }, { "If-Match": seen })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 412, 412, 412]);
    const winner = answers.find(({ status }) => status === 200);
    expect((await read()).body.data.name).toBe(winner?.body.data.name);
  });

  it("is in the audit log each time that it changes, and only then", async () => {
    const { headers } = await saySettings({ name: "First" });
    await travel(1); // of one millisecond, nobody knows which line comes first
    await saySettings({ name: "Second" }, { "If-Match": '"9-9"' });
    await saySettings({ name: "Third" }, { "If-Match": String(headers.get("ETag")) });
    const lines = await rows<{ target: string; data: string }>(
      "SELECT target, data FROM audit_log WHERE action = 'settings.shop_updated' ORDER BY id",
    );
    expect(lines.map(({ target, data }) => [target, JSON.parse(data).name])).toEqual([
      ["shop", "First"],
      ["shop", "Third"],
    ]);
  });

  it.each([
    ["seller.name", { name: "\u200b" }],
    ["seller.name", { name: "a".repeat(201) }],
    ["seller.address", { address: [] }],
    ["seller.address", { address: Array(7).fill("A line") }],
    ["seller.address[0]", { address: ["two\nlines"] }],
    ["seller.country", { country: "XX" }],
    ["seller.taxNumber", { taxNumber: "" }],
    ["seller.email", { email: "nobody" }],
    ["seller.phone", { phone: "9".repeat(51) }],
    ["seller.fax", { fax: "1" }],
  ])("has no %s such as %j", async (field, change) => {
    const { seller } = shopSettings();
    const body = { ...shopSettings(), seller: { ...seller, ...change } };
    const answer = await asAdmin("PUT", "/api/v1/settings/shop", { body });
    expect(answer.status).toBe(422);
    expect(Object.keys(answer.body.error.fields)).toContain(field);
  });

  it("is one row, whoever writes", async () => {
    await saySettings();
    await expect(
      rows("INSERT INTO shop_settings (id, version, settings, updated_at) VALUES (2, 1, '{}', 1)"),
    ).rejects.toThrow("shop_settings_one_row");
  });
});

describe("Its name and its line", () => {
  it("stand on the front page at once, and where it was kept in memory too", async () => {
    expect((await home()).text).toContain("Made in small numbers.");
    await saySettings();
    const { text } = await home();
    expect(text).toContain("<h1>Fired on full moons.</h1>");
    expect(text).toContain("<title>Fired on full moons. · Moon Pottery</title>");
    await saySettings({ name: null, tagline: null });
    expect((await home()).text).toContain("<h1>Made in small numbers.</h1>");
    expect((await home()).text).not.toContain("Moon Pottery");
  });

  it("stand on pages that nobody keeps, and on those of errors", async () => {
    await saySettings();
    expect((await call("GET", "/sign-in")).text).toContain("· Moon Pottery</title>");
    expect((await call("GET", "/nowhere")).text).toContain("· Moon Pottery</title>");
    expect((await call("GET", "/?q=pots")).text).toContain("<span>Moon Pottery</span>");
  });

  it("stand on pages also where nothing is kept in memory", async () => {
    await saySettings();
    const { config } = servicesOf(env);
    const shop = shopOver(env.DB, { config: { ...config, catalogMemory: false } });
    expect((await shop.call("GET", "/")).text).toContain("<h1>Fired on full moons.</h1>");
    expect((await shop.call("GET", "/sign-in")).text).toContain("· Moon Pottery</title>");
  });
});
