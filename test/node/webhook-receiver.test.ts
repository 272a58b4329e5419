import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { Webhook } from "standardwebhooks";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const SECRET = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;
const PORT = 41_733;

let receiver: ChildProcess;
let printed = "";

/** Sends an event as the shop does; answers the status. */
async function send(event: { id: string }, secret = SECRET): Promise<number> {
  const body = JSON.stringify(event);
  const now = new Date();
  const response = await fetch(`http://localhost:${PORT}/`, {
    method: "POST",
    body,
    headers: {
      "webhook-id": event.id,
      "webhook-timestamp": String(Math.floor(now.getTime() / 1000)),
      "webhook-signature": new Webhook(secret).sign(event.id, now, body),
    },
  });
  return response.status;
}

const event = (id: string, sequence: number) => ({
  ...{ id, type: "order.paid", timestamp: "2026-11-26T12:00:00.000Z", sequence },
  data: { id: "ord_1", number: 1001, status: "paid" },
});

beforeAll(async () => {
  const env = { ...process.env, WEBHOOK_SECRET: SECRET, PORT: String(PORT) };
  receiver = spawn(process.execPath, ["example/webhook-receiver.mjs"], { env });
  receiver.stdout?.on("data", (text) => {
    printed += text;
  });
  if (receiver.stdout !== null) await once(receiver.stdout, "data");
});

afterAll(() => receiver.kill());

describe("The receiver in example/", () => {
  it("takes what the shop has signed, once, and says what is older than what came before", async () => {
    expect(await send(event("evt_2", 7))).toBe(204);
    expect(await send(event("evt_2", 7))).toBe(204);
    expect(await send(event("evt_1", 3))).toBe(204);
    const lines = printed.trim().split("\n").slice(1);
    expect(lines).toEqual([
      "2026-11-26T12:00:00.000Z order.paid order 1001, paid",
      "2026-11-26T12:00:00.000Z order.paid order 1001, paid (older than what came before)",
    ]);
  });

  it("refuses what somebody else has signed", async () => {
    const other = `whsec_${Buffer.alloc(32, 8).toString("base64")}`;
    expect(await send(event("evt_3", 8), other)).toBe(400);
    expect(printed).not.toContain("evt_3");
  });
});
