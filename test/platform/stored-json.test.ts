import { describe, expect, it } from "vitest";
import * as z from "zod";
import { storedJson } from "../../src/platform/stored-json.ts";

const schema = z.strictObject({
  id: z.string().min(3),
  count: z.int(),
  flag: z.boolean(),
  status: z.enum(["open", "over"]),
  note: z.string().nullable(),
  hint: z.string().optional(),
  items: z.array(z.strictObject({ sku: z.string() })),
  data: z.record(z.string(), z.unknown()),
  rates: z.array(z.int()).default([]),
});
const read = storedJson(schema);
const good = {
  ...{ id: "abc", count: 2, flag: true, status: "open", note: null },
  ...{ items: [{ sku: "A" }], data: { a: 1 }, rates: [1] },
};
const { rates: _, ...old } = good;

describe("Stored JSON", () => {
  it("is what was written", () => {
    for (const value of [good, { ...good, hint: "x", note: "y", items: [] }])
      expect(read(JSON.stringify(value))).toEqual(value);
  });

  it("of before a field was there has its default", () => {
    expect(read(JSON.stringify(old))).toEqual({ ...old, rates: [] });
  });

  it.each([
    ["a number for a text", { id: 3 }],
    ["a text for a number", { count: "2" }],
    ["a number for a flag", { flag: 1 }],
    ["a word that there is not", { status: "gone" }],
    ["nothing where something must be", { items: null }],
    ["something else in a list", { items: [{ sku: 1 }] }],
    ["a list for an object", { data: [] }],
    ["a default's place taken by something else", { rates: ["1"] }],
    ["a number for what may be missing", { hint: 1 }],
  ])("with %s is no answer to anybody", (_, wrong) => {
    expect(() => read(JSON.stringify({ ...good, ...wrong }))).toThrow("not what its schema says");
  });

  it("is not read by a schema that would change it", () => {
    const changing = storedJson(z.object({ at: z.string().transform(Number) }));
    expect(() => changing('{"at":"1"}')).toThrow("Stored JSON has no pipe");
  });
});
