import { describe, expect, it, onTestFinished, vi } from "vitest";
import { isDue, readCrons, startTicker } from "../../scripts/dev/cron.ts";
import { formatLine } from "../../scripts/dev/log.ts";
import { readOptions } from "../../scripts/dev/options.ts";

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

  it("fire at the start of each minute what is due, and leave out what still runs", async () => {
    vi.useFakeTimers({
      now: new Date("2026-11-21T09:14:30Z"),
      toFake: ["Date", "setTimeout", "clearTimeout"],
    });
    const fired: string[] = [];
    vi.stubGlobal("fetch", (url: string) => {
      fired.push(new URL(url).searchParams.get("cron") ?? "");
      const slow = fired.at(-1) === "*/5 * * * *";
      return slow ? new Promise(() => undefined) : Promise.resolve(new Response("ok"));
    });
    onTestFinished(() => {
      vi.useRealTimers();
      vi.unstubAllGlobals();
    });
    const stop = startTicker("http://shop.test", ["* * * * *", "*/5 * * * *"], () => undefined);

    await vi.advanceTimersByTimeAsync(29_000);
    expect(fired).toEqual([]);
    await vi.advanceTimersByTimeAsync(2000);
    expect(fired).toEqual(["* * * * *", "*/5 * * * *"]);
    await vi.advanceTimersByTimeAsync(5 * 60_000);
    expect(fired.slice(2)).toEqual(Array(5).fill("* * * * *"));
    stop();
    await vi.advanceTimersByTimeAsync(5 * 60_000);
    expect(fired).toHaveLength(7);
  });

  it("are left out when told to", () => {
    expect(readOptions([], {}).cron).toBe(true);
    expect(readOptions(["--no-cron"], {}).cron).toBe(false);
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
