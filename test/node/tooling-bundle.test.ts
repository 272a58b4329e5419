import { describe, expect, it } from "vitest";
import * as zod from "zod";
import * as bundled from "../../vendor/zod.js";

describe("What stands in for zod in the bundle", () => {
  it("exports all that zod does, but for its languages", () => {
    const left = new Set(["locales", "core"]);
    const exported = Object.keys(zod).filter((name) => !left.has(name) && name !== "z");
    expect(Object.keys(bundled.z).sort()).toEqual(
      exported.filter((one) => one !== "default").sort(),
    );
  });

  it("is zod: its schemas are the package's own", () => {
    expect(bundled.z.ZodString).toBe(zod.ZodString);
    expect(bundled.z.string().safeParse(1).error?.issues[0]?.message).toContain("expected string");
  });
});
