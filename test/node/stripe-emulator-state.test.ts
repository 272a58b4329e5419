import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import Stripe from "stripe";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { createStripeEmulator } from "../../emulators/stripe/emulator.ts";
import { API_VERSION } from "../../emulators/stripe/protocol/version.ts";
import { fileStorage } from "../../emulators/stripe/world/snapshot.ts";
import { openShop, paidSession, sessionParams, typesOf } from "./stripe-emulator-support.ts";

const LONG = { timeout: 60_000 };

function stateFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "stripe-emulator-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

describe("the emulator", () => {
  it("speaks the API version that the SDK is pinned to", () => {
    expect(API_VERSION).toBe(Stripe.API_VERSION);
  });

  it("goes on after a restart where it stopped", async () => {
    const stateFile = join(stateFolder(), "deep", "stripe.json");
    const before = await openShop({ stateFile });
    const { session, payment } = await paidSession(before);
    const key = { idempotencyKey: "checkout:ord_9" };
    const open = await before.stripe.checkout.sessions.create(sessionParams(), key);
    await before.stop();
    const after = await openShop({ stateFile });
    expect(await after.stripe.checkout.sessions.retrieve(session.id)).toEqual(session);
    expect((await after.stripe.checkout.sessions.create(sessionParams(), key)).id).toBe(open.id);
    await after.stripe.refunds.create({ payment_intent: payment });
    expect(typesOf(await after.events())).toContain("checkout.session.completed");
    await after.control(`/sessions/${open.id}/pay`, {});
  });

  it("writes changes soon, leaves no drafts and never writes a secret key", async () => {
    const folder = stateFolder();
    const stateFile = join(folder, "stripe.json");
    const shop = await openShop({ stateFile });
    const { id } = await shop.stripe.checkout.sessions.create(sessionParams());
    await vi.waitFor(() => expect(readFileSync(stateFile, "utf8")).toContain(id), LONG);
    await shop.stop();
    expect(readFileSync(stateFile, "utf8")).not.toContain("sk_test_shop");
    expect(readdirSync(folder)).toEqual(["stripe.json"]);
  });

  it("refuses a state file that is not its own", () => {
    const stateFile = join(stateFolder(), "stripe.json");
    writeFileSync(stateFile, '{"version":99}');
    const storage = fileStorage(stateFile);
    const options = { publicUrl: "http://pay.test", webhookSecret: "whsec_x", storage };
    expect(() => createStripeEmulator(options)).toThrow("not a state file");
  });

  it("needs nothing of Node, so that it runs inside a Worker too", () => {
    const seen = new Set<string>();
    const visit = (file: string) => {
      if (seen.has(file)) return;
      seen.add(file);
      const source = readFileSync(file, "utf8");
      expect(source, file).not.toMatch(/from "node:|\bBuffer\b|\bprocess\.|\bNodeJS\./);
      for (const [, path = ""] of source.matchAll(/from "(\.[^"]+)"/g)) {
        visit(resolve(dirname(file), path));
      }
    };
    visit(fileURLToPath(new URL("../../emulators/stripe/emulator.ts", import.meta.url)));
    expect(seen.size).toBeGreaterThan(40);
  });

  it("forgets everything on reset, but issues no id twice", async () => {
    const shop = await openShop();
    const { id } = await shop.stripe.checkout.sessions.create(sessionParams());
    await shop.control("/reset", {});
    expect(await shop.requests()).toEqual([]);
    expect((await shop.stripe.checkout.sessions.list()).data).toEqual([]);
    expect((await shop.stripe.checkout.sessions.create(sessionParams())).id).not.toBe(id);
  });

  it("gives the same ids for the same seed and the same calls", async () => {
    const shop = await openShop();
    const first = async () => {
      await shop.control("/reset", { seed: "42" });
      return (await shop.stripe.checkout.sessions.create(sessionParams())).id;
    };
    expect(await first()).toBe(await first());
  });

  it("logs each call with what it asked for and what it got", async () => {
    const shop = await openShop();
    const { id } = await shop.stripe.checkout.sessions.create(sessionParams(), {
      idempotencyKey: "k",
    });
    await shop.stripe.checkout.sessions.retrieve(id, { expand: ["line_items"] });
    expect(await shop.requests()).toMatchObject([
      {
        method: "POST",
        path: "/v1/checkout/sessions",
        idempotencyKey: "k",
        status: 200,
        params: { mode: "payment", line_items: { 0: { quantity: "2" } } },
      },
      {
        method: "GET",
        path: `/v1/checkout/sessions/${id}`,
        params: { expand: { 0: "line_items" } },
      },
    ]);
  });

  it("ends a session at the very moment that its clock says so", async () => {
    let now = 1_900_000_000_000;
    const shop = await openShop({ now: () => now });
    const { id } = await shop.stripe.checkout.sessions.create(
      sessionParams({ expires_at: now / 1000 + 1800 }),
    );
    now += 1_799_999;
    expect((await shop.stripe.checkout.sessions.retrieve(id)).status).toBe("open");
    now += 1;
    await expect(shop.control(`/sessions/${id}/pay`, {})).rejects.toThrow("expired");
  });

  it("lets the clock be held and freed", async () => {
    const shop = await openShop();
    await shop.control("/clock", { now: 1_900_000_000_000 });
    const held = await shop.stripe.checkout.sessions.create(sessionParams());
    expect(held.created).toBe(1_900_000_000);
    expect(Date.parse(held.lastResponse.headers["date"] ?? "")).toBe(1_900_000_000_000);
    await shop.control("/clock", { now: null });
    const free = await shop.stripe.checkout.sessions.create(sessionParams());
    expect(free.created).toBeLessThan(1_900_000_000);
  });

  it("answers two thousand requests at once", async () => {
    const shop = await openShop();
    const { id } = await shop.stripe.checkout.sessions.create(sessionParams());
    const headers = { Authorization: "Bearer sk_test_shop" };
    const url = `${shop.url}/v1/checkout/sessions/${id}`;
    const statuses = await Promise.all(
      Array.from({ length: 2000 }, async () => {
        const response = await fetch(url, { headers });
        await response.arrayBuffer();
        return response.status;
      }),
    );
    expect(statuses.every((status) => status === 200)).toBe(true);
  });

  it("runs by itself, set up by its environment", async () => {
    const program = fileURLToPath(new URL("../../emulators/stripe/server.ts", import.meta.url));
    const child = spawn(process.execPath, [program], {
      env: { ...process.env, PORT: "0", WEBHOOK_SECRET: "whsec_x" },
      stdio: ["ignore", "pipe", "inherit"],
    });
    onTestFinished(() => void child.kill());
    const [line] = await once(child.stdout, "data");
    const [url = ""] = /http:\S+/.exec(String(line)) ?? [];
    expect(await (await fetch(url)).text()).toContain("Stripe emulator");
  });
});
