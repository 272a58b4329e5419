import { describe, expect, it } from "vitest";
import { byHand, insert, useEmptyShop, without } from "../support/by-hand.ts";
import { rows } from "../support/world.ts";

useEmptyShop();

const answer = { status: 201, body: "{}" };

describe("A row of what the platform keeps, whoever writes it", () => {
  it.each([
    [
      "of a key with a status and no answer",
      "idempotency_answered",
      [insert("idempotency_keys", { ...answer, body: null })],
    ],
    [
      "of a key with an answer and no status",
      "idempotency_answered",
      [insert("idempotency_keys", { ...answer, status: null })],
    ],
    [
      "of a key that its caller has used",
      "idempotency_keys.key",
      [insert("idempotency_keys"), insert("idempotency_keys", answer)],
    ],
    [
      "of a message that is written down",
      "dead_letters.message_id",
      [insert("dead_letters"), insert("dead_letters")],
    ],
    [
      "of a promise in a state that there is not",
      "outbox_status",
      [insert("outbox", { status: "sent", wake_at: null })],
    ],
    ["of a promise that waits for nothing", "outbox_done", [insert("outbox", { wake_at: null })]],
    ["of a promise that is kept and waits", "outbox_done", [insert("outbox", { status: "done" })]],
    ["of a promise that is dead and waits", "outbox_done", [insert("outbox", { status: "dead" })]],
    [
      "of a promise that was made before",
      "outbox.dedupe_key",
      [without("outbox_no_replace"), insert("outbox"), insert("outbox", { id: "obx_2" })],
    ],
    [
      "of an event of nobody we know",
      "webhook_events_provider",
      [insert("webhook_events", { provider: "x" })],
    ],
    [
      "of an event in a state that there is not",
      "webhook_events_status",
      [insert("webhook_events", { status: "x" })],
    ],
    [
      "of an event that came before",
      "webhook_events.event_id",
      [
        without("webhook_events_no_replace"),
        insert("webhook_events"),
        insert("webhook_events", { id: "whe_2" }),
      ],
    ],
  ])("%s is refused", async (_, word, statements) => {
    expect(await byHand(...statements)).toContain(word);
  });

  it.each([
    [
      "of one key for each caller",
      [insert("idempotency_keys"), insert("idempotency_keys", { caller: "y" })],
    ],
    [
      "of a caller for each key",
      [insert("idempotency_keys"), insert("idempotency_keys", { key: "l", ...answer })],
    ],
    [
      "of one event for each provider",
      [insert("webhook_events"), insert("webhook_events", { id: "whe_2", provider: "resend" })],
    ],
  ])("%s is taken", async (_, statements) => {
    expect(await byHand(...statements)).toBe("taken");
  });
});

describe("Every table", () => {
  it("takes no value of another type than it says", async () => {
    const lax = await rows(
      `SELECT name FROM pragma_table_list
       WHERE type = 'table' AND NOT strict AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'd1_%' AND name NOT LIKE '\\_cf%' ESCAPE '\\'`,
    );
    expect(lax).toEqual([]);
  });
});
