import { existsSync } from "node:fs";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, inject } from "vitest";

const PLACES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const ARGUMENTS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
const PATIENCE_MS = 120_000;
/** A refusal's status is what the test asked for; the browser reports it like a broken file. */
const EXPECTED =
  /^Failed to load resource: the server responded with a status of 4(01|03|04|09|22) /;

function chromiumPath(): string {
  const found = [process.env["CHROMIUM_PATH"] ?? "", ...PLACES].find((path) => existsSync(path));
  if (found !== undefined) return found;
  throw new Error(
    `No Chromium at CHROMIUM_PATH or ${PLACES.join(", ")}: install one to run these tests.`,
  );
}

/** A browser for the tests of a file. Each page's console is watched: an error or CSP violation fails its test. */
export function useBrowser(): { open: (options?: BrowserContextOptions) => Promise<Page> } {
  let browser: Browser | undefined;
  let complaints: string[] = [];
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: chromiumPath(), args: ARGUMENTS });
  });
  afterAll(() => browser?.close());
  afterEach(async () => {
    const found = complaints;
    complaints = [];
    await Promise.all((browser?.contexts() ?? []).map((context) => context.close()));
    expect(found).toEqual([]);
  });
  return {
    open: async (options = {}) => {
      if (browser === undefined) throw new Error("The browser has not started.");
      const context = await browser.newContext({ baseURL: inject("shop").url, ...options });
      context.setDefaultTimeout(PATIENCE_MS);
      const page = await context.newPage();
      page.on("console", (message) => {
        if (message.type() === "error" && !EXPECTED.test(message.text()))
          complaints.push(message.text());
      });
      page.on("pageerror", (error) => complaints.push(error.message));
      return page;
    },
  };
}
