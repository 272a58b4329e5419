import { beforeAll, describe, expect, inject, it } from "vitest";
import { useBrowser } from "./support/browser.ts";
import { overflow, violations } from "./support/look.ts";

const { open } = useBrowser();
const NARROW = { width: 360, height: 740 };
/** The rest asks for landmarks, which the page has that shows a mail. */
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"];

let mails: string[] = [];

beforeAll(async () => {
  const index = await (await fetch(inject("shop").mailExamplesUrl)).text();
  mails = [...index.matchAll(/<a href="([^"]+)"/g)].map(([, path]) => `${path}.html`);
});

describe.each(["light", "dark"] as const)("Every mail in %s", (colorScheme) => {
  it("fits a width of 360 pixels and is for everybody to read", async () => {
    const page = await open({
      baseURL: inject("shop").mailExamplesUrl,
      colorScheme,
      viewport: NARROW,
    });
    expect(mails.length).toBeGreaterThan(0);
    for (const mail of mails) {
      await page.goto(mail);
      expect([mail, await overflow(page)]).toEqual([mail, 0]);
      expect([mail, await violations(page, RULES)]).toEqual([mail, []]);
    }
  });
});

describe("The page of mails", () => {
  it("shows each mail as high as it is", async () => {
    const page = await open({ baseURL: inject("shop").mailExamplesUrl, viewport: NARROW });
    await page.goto("/");
    expect(await overflow(page)).toBe(0);
    const bars = () =>
      page
        .locator("iframe")
        .evaluateAll((frames) =>
          frames
            .map((frame) => (frame as HTMLIFrameElement).contentDocument?.documentElement)
            .map((mail) =>
              mail === undefined || mail === null ? 1 : mail.scrollHeight - mail.clientHeight,
            ),
        );
    await expect.poll(bars).toEqual([0, 0, 0, 0]);
  });
});
