import { describe, expect, it } from "vitest";
import { cancel, mailsAbout } from "../support/after-sale.ts";
import { disputed } from "../support/disputes.ts";
import { handToBank } from "../support/money-back.ts";
import { stripe } from "../support/stripe.ts";
import { useWorld } from "../support/world.ts";

useWorld();

describe("The mail of an order that staff cancel", () => {
  it("says that nothing was charged when the bank has said no, and its webhook has not come", async () => {
    const at = await handToBank();
    await stripe.settle(at.payment, "failed");
    expect((await cancel(at)).body.data).toMatchObject({
      status: "canceled",
      paymentStatus: "failed",
    });
    const [mail, ...more] = await mailsAbout(at, /canceled/);
    expect(more).toEqual([]);
    expect(mail?.text).toContain("Nothing was charged.");
    expect(mail?.text).not.toContain("on its way back");
  });

  it("says what becomes of a payment that a bank is still working on", async () => {
    const at = await handToBank();
    await cancel(at);
    const [mail] = await mailsAbout(at, /canceled/);
    expect(mail?.text).toContain("If it arrives, all of it goes back to you.");
  });

  it("says that the bank has the money when a dispute was lost over all of it", async () => {
    const at = await disputed("opened", "lost");
    expect((await cancel(at)).status).toBe(200);
    const [mail] = await mailsAbout(at, /canceled/);
    expect(mail?.text).toContain("Your bank has taken the payment back already.");
    expect(mail?.text).not.toContain("on its way back");
  });
});
