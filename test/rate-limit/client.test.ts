import { describe, expect, it } from "vitest";
import { callerOf, clientOf, networkOf } from "../../src/platform/rate-limit/client.ts";

describe("A client", () => {
  const cases: [address: string, client: string, network: string][] = [
    ["203.0.113.9", "203.0.113.9", "203.0.113.0/24"],
    ["::ffff:203.0.113.9", "203.0.113.9", "203.0.113.0/24"],
    ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64", "2001:db8:1::/48"],
    ["2001:DB8:1:2::6", "2001:db8:1:2::/64", "2001:db8:1::/48"],
    ["2001:0db8:0001:0002::", "2001:db8:1:2::/64", "2001:db8:1::/48"],
    ["2001:db8::1", "2001:db8:0:0::/64", "2001:db8:0::/48"],
    ["::1", "0:0:0:0::/64", "0:0:0::/48"],
    ["::", "0:0:0:0::/64", "0:0:0::/48"],
    ["unknown", "unknown", "unknown"],
    ["", "", ""],
    ["1:2:3", "1:2:3", "1:2:3"],
    ["1::2::3", "1::2::3", "1::2::3"],
    ["1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7:8:9"],
    ["g::1", "g::1", "g::1"],
  ];
  for (const [address, client, network] of cases) {
    it(`behind ${address || "nothing"} is ${client || "nothing"}, in ${network || "nothing"}`, () => {
      expect([clientOf(address), networkOf(address)]).toEqual([client, network]);
    });
  }

  it("cannot make a key of any length", () => {
    expect(clientOf("x".repeat(5000))).toHaveLength(64);
  });
});

describe("A caller", () => {
  const address = "203.0.113.9";

  it("is the user or the key, and the address for everybody else", () => {
    expect(callerOf({ kind: "user", label: "usr_1", address })).toBe("usr_1");
    expect(callerOf({ kind: "key", label: "key_1", address })).toBe("key_1");
    expect(callerOf({ kind: "guest", label: "guest", address })).toBe(address);
  });
});
