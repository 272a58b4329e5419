import { describe, expect, it } from "vitest";
import { isDue, readCrons } from "../../scripts/dev/cron.ts";
import { formatLine } from "../../scripts/dev/log.ts";

const SATURDAY_0915 = new Date("2026-11-21T09:15:00Z");

describe("cron ticks in development", () => {
  it.each([
    ["* * * * *", true],
    ["*/5 * * * *", true],
    ["*/4 * * * *", false],
    ["15 9 * * *", true],
    ["15 10 * * *", false],
    ["0,15,30 8-10 21 11 *", true],
    ["10/5 * * * *", true],
    ["15 9 * * 7", true],
    ["15 9 * * 1", false],
  ])("finds %s due or not at 09:15 on a Saturday: %s", (cron, due) => {
    expect(isDue(cron, SATURDAY_0915)).toBe(due);
  });

  it("refuses what it would tick wrongly", () => {
    expect(() => isDue("0 0 L * *", SATURDAY_0915)).toThrow('"L" in the cron expression');
    expect(() => isDue("* * * *", SATURDAY_0915)).toThrow("not a cron expression");
  });

  it("finds the expressions that the Worker is deployed with", () => {
    expect(readCrons("wrangler.toml")).toContain("* * * * *");
  });
});

describe("the log in the terminal", () => {
  it("shows a request on one line", () => {
    const line = formatLine(
      '{"time":"2026-11-21T09:15:00.000Z","level":"info","method":"GET","path":"/health","status":200,"ms":3,"requestId":"r1","orderId":"ord_1"}',
    );
    expect(line).toMatch(/^\d\d:\d\d:\d\d GET \/health 200 3 ms orderId=ord_1$/);
  });

  it("recognises a record that was written as an error", () => {
    const line = formatLine(
      '\u001b[31m✘ \u001b[0m[ERROR] {"level":"error","event":"job","job":"j1"}',
    );
    expect(line).toMatch(/^\d\d:\d\d:\d\d error job job=j1$/);
  });

  it("leaves out what wrangler repeats, and nothing else", () => {
    expect(formatLine("[wrangler:info] GET /health 200 OK (3ms)")).toBeUndefined();
    expect(formatLine("✘ [ERROR] Uncaught Error: broken")).toBe("✘ [ERROR] Uncaught Error: broken");
  });
});
