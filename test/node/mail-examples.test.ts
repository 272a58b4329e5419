import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it, onTestFinished } from "vitest";
import { startMailExamples } from "../../scripts/dev/mail-examples/server.ts";
import { TOPICS } from "../../src/platform/outbox/topics.ts";

const folder = mkdtempSync(join(tmpdir(), "holdfast-mails-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function start(entry?: string): Promise<string> {
  const { url, close } = await startMailExamples(0, entry);
  onTestFinished(close);
  return url;
}

async function read(url: string): Promise<{ status: number; text: string }> {
  const answer = await fetch(url);
  return { status: answer.status, text: await answer.text() };
}

/** An entry with one mail that says this. */
const saying = (words: string) =>
  `export const examples = [{ topic: "mail.receipt", when: "Now", mail: { to: "", subject: "Hello", html: "<p>${words}</p>", text: "${words} & more" } }];`;

describe("The page of mails", () => {
  it("leads to every mail, with its parts", async () => {
    const url = await start();
    const { text } = await read(url);
    for (const topic of Object.keys(TOPICS).filter((name) => name.startsWith("mail.")))
      expect(text).toContain(`<h2>${topic}</h2>`);
    const paths = [...text.matchAll(/<a href="([^"]+)"/g)].map(([, path]) => path);
    expect(new Set(paths).size).toBe(paths.length);
    for (const path of paths) {
      const page = await read(url + path);
      expect([path, page.status]).toEqual([path, 200]);
      expect(page.text).toContain("aria-current");
      expect(page.text).toContain("\n\nHoldfast</pre>");
      for (const query of ["", "?scheme=light", "?scheme=dark"]) {
        const mail = await read(`${url}${path}.html${query}`);
        expect(mail.status).toBe(200);
        expect(mail.text.includes("prefers-color-scheme")).toBe(query === "");
      }
    }
    expect((await read(`${url}/receipt/nope`)).status).toBe(404);
  });

  it("shows what the sources say now, and what is wrong with them", async () => {
    const entry = join(folder, "examples.ts");
    writeFileSync(entry, saying("First"));
    const url = await start(entry);
    expect((await read(url)).text).toContain("First &amp; more</pre>");
    writeFileSync(entry, "export const examples = [;");
    expect(await read(url)).toMatchObject({
      status: 500,
      text: expect.stringContaining("Unexpected"),
    });
    writeFileSync(entry, saying("Second"));
    expect((await read(`${url}/receipt/now`)).text).toContain("Second &amp; more</pre>");
    expect((await read(`${url}/receipt/now.html`)).text).toBe("<p>Second</p>");
  });
});
