import { describe, expect, it } from "vitest";
import { discount, makeDiscount } from "../support/discounts.ts";
import { expectError, invalid } from "../support/expect-error.ts";
import { asAdmin } from "../support/people.ts";
import { checkOut, makeSku } from "../support/shop.ts";
import { rows, useWorld } from "../support/world.ts";

useWorld();

const create = (body: object, headers: Record<string, string> = {}) =>
  asAdmin("POST", "/api/v1/discounts", { body, headers });
const change = (id: string, body: object, headers: Record<string, string> = {}) =>
  asAdmin("PATCH", `/api/v1/discounts/${id}`, { body, headers });
const percent = { kind: "percentage", percentOff: 10 };
const use = async (code: string) => {
  const items = [{ sku: await makeSku(5), quantity: 1 }];
  const { status, text } = await checkOut({ items, discountCode: code });
  if (status !== 201) throw new Error(text);
};

describe("A discount", () => {
  it("is a percentage or an amount, with its window and its limits", async () => {
    const answer = await create({
      code: " spring_25-x ",
      kind: "fixed",
      amountOff: { amount: 500, currency: "USD" },
      startsAt: "2026-01-01T00:00:00.000Z",
      endsAt: "2026-02-01T00:00:00.000Z",
      maxUses: 100,
      maxUsesPerCustomer: 1,
    });
    expect(answer.status).toBe(201);
    const { data } = answer.body;
    expect(data).toEqual({
      id: expect.stringMatching(/^dsc_/),
      code: "SPRING_25-X",
      kind: "fixed",
      percentOff: null,
      amountOff: { amount: 500, currency: "USD" },
      active: true,
      startsAt: "2026-01-01T00:00:00.000Z",
      endsAt: "2026-02-01T00:00:00.000Z",
      maxUses: 100,
      maxUsesPerCustomer: 1,
      products: null,
      minimum: null,
      uses: 0,
      createdAt: new Date().toISOString(),
      updatedAt: new Date().toISOString(),
    });
    expect(answer.headers.get("Location")).toBe(`/api/v1/discounts/${data.id}`);
    expect(await discount(data)).toEqual(data);
    const other = await makeDiscount({ kind: "percentage", percentOff: 100 });
    expect(other).toMatchObject({ percentOff: 100, amountOff: null, maxUses: null });
  });

  it("is not both, and not neither", async () => {
    const amountOff = { amount: 500, currency: "USD" };
    for (const [body, field] of [
      [{ ...percent, amountOff }, "amountOff"],
      [{ kind: "fixed", amountOff, percentOff: 10 }, "percentOff"],
      [{ kind: "percentage" }, "percentOff"],
      [{ kind: "fixed" }, "amountOff"],
    ] as const) {
      const answer = await create({ code: "BOTH", ...body });
      expect([answer.status, Object.keys(answer.body.error.fields)]).toEqual([422, [field]]);
    }
  });

  it("has a code that nobody else has, however it is written", async () => {
    const { code } = await makeDiscount();
    expectError(await create({ ...percent, code: ` ${code.toLowerCase()}` }), 409, {
      code: "CONFLICT",
      message: `There is already a discount with the code ${code}.`,
      fields: { code: "Is taken." },
    });
  });

  it("is made once for its idempotency key", async () => {
    const key = { "Idempotency-Key": "once" };
    const first = await create({ ...percent, code: "ONCE" }, key);
    const again = await create({ ...percent, code: "ONCE" }, key);
    expect(again.text).toBe(first.text);
    expect(again.headers.get("Idempotency-Replayed")).toBe("true");
    expect(await rows("SELECT code FROM discounts")).toEqual([{ code: "ONCE" }]);
  });

  it.each([
    [{ ...percent, code: "A B" }, "code"],
    [{ ...percent, code: "" }, "code"],
    [{ ...percent, code: "X".repeat(51) }, "code"],
    [{ ...percent, code: "ÄÖ" }, "code"],
    [{ code: "X", kind: "percentage" }, "percentOff"],
    [{ code: "X", kind: "percentage", percentOff: 0 }, "percentOff"],
    [{ code: "X", kind: "percentage", percentOff: 101 }, "percentOff"],
    [{ code: "X", kind: "percentage", percentOff: 12.5 }, "percentOff"],
    [{ ...percent, code: "X", amountOff: { amount: 1, currency: "USD" } }, "amountOff"],
    [{ code: "X", kind: "fixed" }, "amountOff"],
    [{ code: "X", kind: "fixed", amountOff: { amount: 0, currency: "USD" } }, "amountOff.amount"],
    [{ code: "X", kind: "fixed", amountOff: { amount: 5, currency: "KWD" } }, "amountOff.amount"],
    [{ code: "X", kind: "fixed", amountOff: { amount: 1e6, currency: "UGX" } }, "amountOff.amount"],
    [{ code: "X", kind: "free" }, "kind"],
    [{ ...percent, code: "X", maxUses: 0 }, "maxUses"],
    [{ ...percent, code: "X", maxUsesPerCustomer: -1 }, "maxUsesPerCustomer"],
    [{ ...percent, code: "X", startsAt: "tomorrow" }, "startsAt"],
    [{ ...percent, code: "X", uses: 3 }, "uses"],
  ])("is refused where it makes no sense: %j", async (body, field) => {
    const answer = await create(body);
    expect(answer.status).toBe(422);
    expect(answer.body.error.code).toBe("VALIDATION_FAILED");
    expect(Object.keys(answer.body.error.fields)).toEqual([field]);
  });

  it("has a window that begins before it ends, made so or changed so", async () => {
    const early = "2026-01-01T00:00:00.000Z";
    const late = "2026-02-01T00:00:00.000Z";
    const wrong = invalid({ endsAt: "Must be after startsAt." });
    expectError(await create({ ...percent, code: "X", startsAt: late, endsAt: early }), 422, wrong);
    const { id } = await makeDiscount({ startsAt: early });
    expectError(await change(id, { endsAt: early }), 422, wrong);
    expect((await change(id, { endsAt: late })).body.data).toMatchObject({ endsAt: late });
  });
});

describe("Changing a discount", () => {
  it("sets what is said, clears what is null and leaves the rest", async () => {
    const { id } = await makeDiscount({ maxUses: 10, maxUsesPerCustomer: 2 });
    const { body } = await change(id, { active: false, maxUses: null });
    expect(body.data).toMatchObject({ active: false, maxUses: null, maxUsesPerCustomer: 2 });
    expect(await discount({ id })).toEqual(body.data);
    expect((await change("dsc_x", {})).status).toBe(404);
    expectError(
      await change(id, { percentOff: 90 }),
      422,
      invalid({ percentOff: "There is no such field." }),
    );
  });

  it("takes no limit below what is used by now", async () => {
    const { id, code } = await makeDiscount();
    await use(code);
    await use(code);
    expectError(await change(id, { maxUses: 1 }), 422, {
      code: "BUSINESS_RULE_VIOLATION",
      message: "The code has been used more often already.",
      fields: { maxUses: "Must not be less than how often the code is used by now." },
    });
    expect((await change(id, { maxUses: 2 })).body.data).toMatchObject({ uses: 2, maxUses: 2 });
  });

  it("is refused to whoever has seen it before somebody else changed it", async () => {
    const { id, code } = await makeDiscount();
    const read = () => asAdmin("GET", `/api/v1/discounts/${id}`);
    const seen = (await read()).headers.get("ETag") ?? "";
    expect(seen).toMatch(/^"[^"]+"$/);
    const changed = await change(id, { maxUses: 5 }, { "If-Match": seen });
    expect(changed.status).toBe(200);
    expect(changed.headers.get("ETag")).toBe((await read()).headers.get("ETag"));
    expectError(await change(id, { maxUses: 9 }, { "If-Match": seen }), 412, {
      code: "PRECONDITION_FAILED",
      message: "The discount has changed since you read it. Read it again.",
    });
    expect(await discount({ id })).toMatchObject({ maxUses: 5 });
    const before = (await read()).headers.get("ETag") ?? "";
    const same = { headers: { "If-None-Match": before } };
    expect((await asAdmin("GET", `/api/v1/discounts/${id}`, same)).status).toBe(304);
    await use(code);
    expect((await asAdmin("GET", `/api/v1/discounts/${id}`, same)).status).toBe(200);
    expect((await change(id, { maxUses: 9 }, { "If-Match": "*" })).status).toBe(200);
  });

  it("is in the audit log without its code, which is good for whoever knows it, and what was refused is not", async () => {
    const { id, code } = await makeDiscount();
    await change(id, { active: false });
    await change(id, { active: true }, { "If-Match": '"0-0"' });
    const log = await rows<{ action: string; data: string }>(
      "SELECT action, data FROM audit_log WHERE target = ? ORDER BY created_at, id",
      id,
    );
    expect(log.map(({ action }) => action).sort()).toEqual([
      "discount.created",
      "discount.updated",
    ]);
    expect(log.map(({ data }) => JSON.parse(data))).toEqual(
      expect.arrayContaining([{ active: false }, percent]),
    );
    expect(JSON.stringify(log)).not.toContain(code);
  });
});

describe("The list of discounts", () => {
  it("goes from new to old, page by page, and finds a code", async () => {
    const made = [await makeDiscount(), await makeDiscount(), await makeDiscount()];
    const first = await asAdmin("GET", "/api/v1/discounts?pageSize=2&include=total");
    expect(first.body.meta).toMatchObject({ pageSize: 2, total: 3 });
    const cursor = first.body.meta.nextCursor;
    const second = await asAdmin("GET", `/api/v1/discounts?pageSize=2&cursor=${cursor}`);
    expect(second.body.meta.nextCursor).toBeNull();
    const all = [...first.body.data, ...second.body.data].map(({ id }) => id);
    expect(all.sort()).toEqual(made.map(({ id }) => id).sort());
    const code = made[1]?.code.toLowerCase();
    const found = await asAdmin("GET", `/api/v1/discounts?code=${code}&include=total`);
    expect(found.body).toMatchObject({ data: [{ id: made[1]?.id }], meta: { total: 1 } });
  });
});
