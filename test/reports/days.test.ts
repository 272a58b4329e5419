import { env } from "cloudflare:workers";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseConfig } from "../../src/platform/config.ts";
import { keepShopTime } from "../../src/reports/index.ts";
import { dayBy, offsetOf, offsetsBetween } from "../../src/reports/zone/offset-of.ts";
import { servicesOf } from "../../src/services.ts";
import { sell } from "../support/after-sale.ts";
import { systemContext } from "../support/credentials.ts";
import { cronOver, servicesWith } from "../support/jobs.ts";
import { asAdmin } from "../support/people.ts";
import { roundsOf } from "../support/sample.ts";
import { rows, travel, useWorld } from "../support/world.ts";

useWorld();

const HOUR_MS = 60 * 60_000;
const DAY_MS = 24 * HOUR_MS;
const EVERY_FIVE = "*/5 * * * *";
/** Both halves of the world, half hours, a change by half an hour, one at midnight, and clocks that never change. */
const ZONES = [
  ...["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"],
  ...["America/Santiago", "Pacific/Kiritimati", "Pacific/Pago_Pago", "Africa/Casablanca", "UTC"],
];
const FROM = Date.UTC(2024, 0, 1);

/** Another way to ask Intl for the day. */
const dayIn = (timeZone: string, at: number) =>
  new Intl.DateTimeFormat("sv-SE", { timeZone, dateStyle: "short" }).format(at);

async function keepTime(timeZone: string): Promise<void> {
  const { config } = servicesOf(env);
  await cronOver(servicesWith({}, { config: { ...config, timeZone } }), EVERY_FIVE);
}

/** The days of moments as the triggers find them. */
async function daysInDatabase(moments: readonly number[]): Promise<string[]> {
  const found = await rows<{ day: string }>(
    `SELECT date((value + (SELECT offset_ms FROM zone_offsets WHERE since <= value ORDER BY since DESC LIMIT 1)) / 1000, 'unixepoch') AS day
     FROM json_each(?) ORDER BY key`,
    JSON.stringify(moments),
  );
  return found.map(({ day }) => day);
}

describe("A day of the shop", () => {
  it("is the one that its clocks show, through both changes of a year, in any zone", () => {
    const moment = fc.integer({ min: FROM, max: FROM + 730 * DAY_MS });
    const known = new Map(
      ZONES.map((zone) => [zone, offsetsBetween(zone, FROM, FROM + 731 * DAY_MS)]),
    );
    fc.assert(
      fc.property(fc.constantFrom(...ZONES), moment, (zone, at) => {
        const offset = known.get(zone)?.findLast(({ since }) => since <= at)?.offsetMs ?? 0;
        expect([zone, dayBy(offset, at)]).toEqual([zone, dayIn(zone, at)]);
        expect(offset).toBe(offsetOf(zone, at));
      }),
      { numRuns: roundsOf(500, 3000) },
    );
  });

  it("ends to the minute where the clocks change at midnight", () => {
    for (const zone of ZONES) {
      const offsets = offsetsBetween(zone, FROM, FROM + 731 * DAY_MS);
      for (const { since, offsetMs } of offsets.slice(1)) {
        expect([zone, offsetOf(zone, since)]).toEqual([zone, offsetMs]);
        expect(offsetOf(zone, since - 60_000)).not.toBe(offsetMs);
      }
    }
  });

  it("is known to the database ahead of time, and is the same there", async () => {
    for (const zone of ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe"]) {
      await keepTime(zone);
      await travel(60_000);
      const now = Date.now();
      const moments = Array.from({ length: 1500 }, (_, i) => now + i * (6 * HOUR_MS + 13 * 60_000));
      expect(await daysInDatabase(moments)).toEqual(moments.map((at) => dayIn(zone, at)));
    }
  });

  it("is written down once: another run changes nothing", async () => {
    await keepTime("Europe/Berlin");
    const before = await rows("SELECT * FROM zone_offsets");
    expect(before.length).toBeGreaterThan(2);
    await travel(3 * DAY_MS);
    const ctx = systemContext();
    const berlin = { ...ctx, config: { ...ctx.config, timeZone: "Europe/Berlin" } };
    expect(await keepShopTime(berlin)).toEqual({ changed: 0 });
    expect(await rows("SELECT * FROM zone_offsets")).toEqual(before);
  });

  it("stays as it was counted when the shop goes to another zone; what comes after is by the new one", async () => {
    await travel(Date.UTC(2027, 5, 1, 12) - Date.now()); // 12:00 in UTC, next day in Kiritimati (+14)
    await sell([{ amount: 100, quantity: 1 }]);
    await keepTime("Pacific/Kiritimati");
    await sell([{ amount: 100, quantity: 1 }]); // as the zone changes
    await travel(60_000);
    await sell([{ amount: 100, quantity: 1 }]);
    await keepTime("Pacific/Pago_Pago");
    await travel(60_000);
    await sell([{ amount: 100, quantity: 1 }]);
    expect(await rows("SELECT day, orders FROM sales_days ORDER BY day")).toEqual([
      { day: "2027-06-01", orders: 3 },
      { day: "2027-06-02", orders: 1 },
    ]);
  });

  it("is not said anew of moments at which something was counted", async () => {
    await sell([{ amount: 100, quantity: 1 }]);
    const insert = (since: number) =>
      rows("INSERT INTO zone_offsets (since, offset_ms) VALUES (?, 3600000)", since);
    await expect(insert(Date.now())).rejects.toThrow("zone_offsets_stay");
    await insert(Date.now() + 1);
    await rows("DELETE FROM zone_offsets WHERE since > 0");
    await insert(Date.now() + 1);
    await travel(1);
    await sell([{ amount: 100, quantity: 1 }]);
    await expect(rows("DELETE FROM zone_offsets WHERE since > 0")).rejects.toThrow(
      "zone_offsets_stay",
    );
    await expect(rows("DELETE FROM zone_offsets WHERE since = 0")).rejects.toThrow(
      "zone_offsets_stay",
    );
    await expect(rows("UPDATE zone_offsets SET offset_ms = 1")).rejects.toThrow(
      "zone_offsets_stay",
    );
  });

  it("is asked for in the shop's zone where nothing else is said", async () => {
    const { data } = (await asAdmin("GET", "/api/v1/reports/sales")).body;
    expect(data.to).toBe(dayIn("UTC", Date.now()));
    expect(Date.parse(data.to) - Date.parse(data.from)).toBe(29 * DAY_MS);
  });
});

describe("SHOP_TIME_ZONE", () => {
  it("is the name of a zone", () => {
    expect(parseConfig({ ...env, SHOP_TIME_ZONE: "Europe/Berlin" }).timeZone).toBe("Europe/Berlin");
    expect(parseConfig({ ...env, SHOP_TIME_ZONE: "" }).timeZone).toBe("UTC");
    for (const wrong of ["Berlin", "+01:00", "Mars/Olympus"])
      expect(() => parseConfig({ ...env, SHOP_TIME_ZONE: wrong })).toThrow(
        "SHOP_TIME_ZONE (the time zone whose days reports and receipts go by) must be an IANA time zone",
      );
  });
});
