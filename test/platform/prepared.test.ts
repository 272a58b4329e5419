import { expect, it } from "vitest";
import { perShape } from "../../src/platform/prepared.ts";

it("A statement with shapes has one of each, made once", () => {
  const of = perShape((sort: string, further: boolean) => ({ sort, further }));
  expect(of("price", true)).toEqual({ sort: "price", further: true });
  expect(of("price", false)).toEqual({ sort: "price", further: false });
  expect(of("newest", true)).toEqual({ sort: "newest", further: true });
  expect(of("price", true)).toBe(of("price", true));
});
