import { describe, expect, it } from "vitest";
import { reportStuckJob } from "../../src/csv/index.ts";
import { fulfill } from "../support/after-sale.ts";
import { makeMember, systemContext } from "../support/credentials.ts";
import { orderFor, purchase } from "../support/customers.ts";
import {
  ADA,
  boughtAndSent,
  deleteMe,
  FIVE_MINUTES,
  forget,
  NAME,
  registerVerified,
  WHERE,
} from "../support/forgetting.ts";
import { as, asAdmin, type Person } from "../support/people.ts";
import { tracesOf } from "../support/traces.ts";
import { cron, rows, settle, useWorld } from "../support/world.ts";

useWorld();

const PRIVATE = "ada.private@example.com";

async function colleagueOf({ accountId }: Person) {
  const colleague = await makeMember("customer", accountId);
  await rows("UPDATE users SET created_at = created_at + 1 WHERE id = ?", colleague.id);
  return colleague;
}

const shown = async (id: string) => (await asAdmin("GET", `/api/v1/orders/${id}`)).body.data;

describe("What staff have exported of somebody who is deleted", () => {
  it("is neither in the log nor with the job: both say only by what it was filtered", async () => {
    await boughtAndSent({ email: ADA });
    for (const query of [`email=${ADA}&status=paid`, `q=${encodeURIComponent(NAME)}`])
      expect((await asAdmin("POST", `/api/v1/exports/orders?${query}`)).status).toBe(202);
    await settle();
    const log = (await asAdmin("GET", "/api/v1/audit-log")).body.data;
    const started = log.filter(({ action }: { action: string }) => action === "csv_job.started");
    expect(started).toHaveLength(2);
    for (const filters of [["q"], ["email", "status"]]) {
      const data = { type: "export", kind: "orders", dryRun: false, filters };
      expect(started).toContainEqual(expect.objectContaining({ data }));
    }
    expect(await rows("SELECT DISTINCT filter FROM csv_jobs")).toEqual([{ filter: "{}" }]);
    expect((await forget(ADA)).status).toBe(204);
    await settle();
    await cron(FIVE_MINUTES);
    expect(await tracesOf([ADA, NAME])).toEqual([]);
  });

  it("is not with a job that was given up either", async () => {
    await asAdmin("POST", `/api/v1/exports/orders?email=${ADA}`);
    await settle();
    await rows(
      "INSERT INTO csv_jobs SELECT 'job_stuck', type, kind, 'queued', dry_run, ?, 'writing', '{}', 1, 0, NULL, NULL, NULL, NULL, 0, 0, '[]', NULL, 0, actor, address, request_id, created_at, NULL FROM csv_jobs",
      JSON.stringify({ email: ADA }),
    );
    await reportStuckJob(systemContext(), { jobId: "job_stuck" });
    expect(await tracesOf([ADA])).toEqual([]);
  });
});

describe("A receipt that was asked for again", () => {
  it("is in what a person may have, and leaves no word of a mail service when they are deleted", async () => {
    const person = await registerVerified(ADA);
    const { orderId } = await boughtAndSent({ email: ADA }, person);
    expect((await asAdmin("POST", `/api/v1/orders/${orderId}/receipt`)).status).toBe(202);
    await settle();
    const { mails } = (await as(person, "GET", "/api/v1/me/export")).body.data.orders[0];
    const receipts = mails.filter(({ topic }: { topic: string }) => topic === "mail.receipt");
    expect(receipts).toMatchObject([{ about: orderId }, { about: orderId }]);
    await rows(
      "UPDATE outbox SET last_error = 'ada@example.com bounced' WHERE topic = 'mail.receipt'",
    );
    expect((await deleteMe(person)).status).toBe(204);
    await cron(FIVE_MINUTES);
    expect(await tracesOf([ADA])).toEqual([]);
  });
});

describe("An order that a colleague has made under another address", () => {
  it("goes on under the account's, and names nobody who is gone", async () => {
    const person = await registerVerified(ADA);
    const colleague = await colleagueOf(person);
    await rows("UPDATE accounts SET name = 'Acme' WHERE id = ?", person.accountId);
    const shippingAddress = { ...WHERE, name: "Ada Lovelace" };
    const { orderId, ...rest } = await purchase({ email: PRIVATE, shippingAddress }, person);
    await fulfill({ orderId, ...rest });
    await settle();
    const path = "/api/v1/me/export";
    expect((await as(person, "GET", path)).body.data.orders).toMatchObject([
      { order: { id: orderId } },
    ]);
    expect((await as(colleague, "GET", path)).body.data.orders).toEqual([]);
    expect((await deleteMe(person)).status).toBe(204);
    await settle();
    await cron(FIVE_MINUTES);
    expect(await tracesOf([PRIVATE, ADA, "Ada Lovelace"])).toEqual([]);
    expect(await shown(orderId)).toMatchObject({
      email: colleague.email,
      shippingAddress: { ...WHERE, name: "Acme" },
    });
  });

  it("keeps the address where it is a colleague's", async () => {
    const person = await registerVerified(ADA);
    await colleagueOf(person);
    const other = await colleagueOf(person);
    await rows("UPDATE users SET created_at = created_at + 1 WHERE id = ?", other.id);
    const { orderId } = await orderFor({ email: other.email }, person);
    expect((await deleteMe(person)).status).toBe(204);
    expect(await shown(orderId)).toMatchObject({ email: other.email });
  });
});
