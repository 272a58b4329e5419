import { describe, expect, it } from "vitest";
import { expectError, invalid } from "../support/expect-error.ts";
import { checkOut, makeSku } from "../support/shop.ts";
import { useWorld } from "../support/world.ts";

useWorld();

const BLANK = "Must be an http(s) address without blanks, and without a user and a password.";
const LONG = "Must have at most 2000 characters.";
const NO_EMAIL = "Must be an email address.";
const label = (chars: number) => "a".repeat(chars);

describe("A checkout is refused with a sentence that is true", () => {
  it.each([
    ["successUrl", "https://shop.test/a b", BLANK],
    ["cancelUrl", `https://shop.test/${"a".repeat(2000)}`, LONG],
    ["email", `${label(65)}@example.com`, NO_EMAIL],
    ["email", `ada@${label(64)}.com`, NO_EMAIL],
    ["email", `ada@shop.${label(64)}.com`, NO_EMAIL],
  ])("for its %s, %s", async (field, value, sentence) => {
    const items = [{ sku: await makeSku(1), quantity: 1 }];
    expectError(await checkOut({ items, [field]: value }), 422, invalid({ [field]: sentence }));
  });

  it.each([`${label(64)}@example.com`, `ada@${label(63)}.com`])("but not for %s", async (email) => {
    const items = [{ sku: await makeSku(1), quantity: 1 }];
    expect((await checkOut({ items, email })).status).toBe(201);
  });
});
