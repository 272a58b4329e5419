import { describe, expect, it } from "vitest";
import { customerId, customerOf } from "../support/customers.ts";
import {
  ADA,
  boughtAndSent,
  deleteMe,
  FIVE_MINUTES,
  forget,
  NAME,
  registerVerified,
} from "../support/forgetting.ts";
import { asAdmin, registerPerson } from "../support/people.ts";
import { tracesOf } from "../support/traces.ts";
import { cron, rows, settle, useWorld } from "../support/world.ts";

useWorld();

/** Somebody who is not at the address registers it, and goes again: the guest's row stays, because their orders do. */
async function strangerComesAndGoes(): Promise<void> {
  const before = await customerId(ADA);
  expect((await deleteMe(await registerPerson(ADA))).status).toBe(204);
  expect(await customerId(ADA)).toBe(before);
}

const shownOrder = async (id: string) => (await asAdmin("GET", `/api/v1/orders/${id}`)).body.data;

describe("A stranger who registers somebody's address and deletes themselves", () => {
  it("keeps no admin from deleting the customer afterwards", async () => {
    const { orderId } = await boughtAndSent({ email: ADA });
    for (let times = 0; times < 2; times += 1) await strangerComesAndGoes();
    const answer = await forget(ADA);
    expect([answer.status, answer.text]).toEqual([204, ""]);
    expect(await shownOrder(orderId)).toMatchObject({ email: null });
    await settle();
    await cron(FIVE_MINUTES);
    expect(await tracesOf([ADA, NAME])).toEqual([]);
    expect(await rows("SELECT id FROM forgettings WHERE done_at IS NULL")).toEqual([]);
  });

  it("keeps nobody who has the address from registering, and from deleting themselves", async () => {
    const { orderId } = await boughtAndSent({ email: ADA });
    await strangerComesAndGoes();
    const ada = await registerVerified(ADA);
    await settle();
    expect((await deleteMe(ada)).status).toBe(204);
    expect(await shownOrder(orderId)).toMatchObject({ email: null });
    expect(await customerOf(ADA)).toBeUndefined();
    const again = await registerVerified(ADA);
    expect((await deleteMe(again)).status).toBe(204);
  });
});
