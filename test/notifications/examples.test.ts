import { describe, expect, it } from "vitest";
import { examples, examplesWith } from "../../src/notifications/examples/examples.ts";
import { WRITTEN } from "../../src/notifications/examples/sample.ts";
import { TOPICS } from "../../src/platform/outbox/topics.ts";
import { flawsOf } from "../support/well-formed.ts";

const EVIL = `"><script>alert('&')</script>`;
const HARMLESS = "&quot;&gt;&lt;script&gt;alert(&#39;&amp;&#39;)&lt;/script&gt;";
const ABOUT_WHOM = /https:\/\/shop\.example\/[^\s"<]+/;

const named = examples.map(({ topic, when, mail }) => ({ name: `${topic}, ${when}`, mail }));

describe("The mail", () => {
  it("of every topic has an example", () => {
    const topics = Object.keys(TOPICS).filter((topic) => topic.startsWith("mail."));
    expect([...new Set(examples.map(({ topic }) => topic))].sort()).toEqual(topics.sort());
  });

  it.each(named)("$name: is a whole document, with nothing from elsewhere", ({ mail }) => {
    expect(flawsOf(mail.html)).toEqual([]);
    expect(mail.html).toMatch(/^<!doctype html><html lang="en">/);
    expect(mail.html).not.toMatch(/<(img|link|script|iframe)|url\(|@import/);
  });

  it.each(named)("$name: leads where its text leads, and is signed by the shop", ({ mail }) => {
    const [address] = ABOUT_WHOM.exec(mail.text) ?? [];
    expect(address).toBeDefined();
    expect(mail.html).toContain(address);
    expect(mail.text.endsWith(`\n\n${WRITTEN.shopName}`)).toBe(true);
    expect(mail.html).toContain(WRITTEN.shopName);
  });

  it.each(Object.keys(WRITTEN))("shows what people have written as it is: %s", (field) => {
    const mails = examplesWith({ ...WRITTEN, [field]: EVIL }).map(({ mail }) => mail);
    const shown = mails.filter(({ subject, text }) => `${subject}\n${text}`.includes(EVIL));
    expect(shown).not.toEqual([]);
    for (const { html } of shown) expect(html).toContain(HARMLESS);
    for (const { html } of mails) {
      expect(flawsOf(html)).toEqual([]);
      expect(html).not.toMatch(/<script/i);
    }
  });
});
