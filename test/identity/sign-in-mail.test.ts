import { describe, expect, it, vi } from "vitest";
import { call } from "../support/http.ts";
import { mailTo } from "../support/mailbox.ts";
import { deliver } from "../support/outbox.ts";
import { PASSWORD, registerPerson } from "../support/people.ts";
import { useWorld } from "../support/world.ts";

useWorld();

const FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0";

const logIn = (email: string, userAgent: string, password = PASSWORD) =>
  call("POST", "/api/v1/auth/login", {
    body: { email, password },
    headers: { "User-Agent": userAgent },
  });
const notices = async (email: string) =>
  (await mailTo(email)).filter(({ subject }) => subject === "New sign-in to your account");

describe("The notice of a new sign-in", () => {
  it("comes once for each new device, and not for a known one", async () => {
    const { email } = await registerPerson();
    await logIn((await registerPerson()).email, FIREFOX); // somebody else's
    expect((await logIn(email, FIREFOX)).status).toBe(200);
    expect(await notices(email)).toHaveLength(1);
    expect((await logIn(email, FIREFOX)).status).toBe(200);
    expect(await notices(email)).toHaveLength(1);
    expect((await logIn(email, "curl/8")).status).toBe(200);
    expect(await notices(email)).toHaveLength(2);
  });

  it("names device and time in words, and leads to the sessions", async () => {
    const { email } = await registerPerson();
    vi.setSystemTime(Date.UTC(2026, 10, 26, 14, 5, 59));
    const windows = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Firefox/140.0";
    await logIn(email, windows);
    const [notice] = await notices(email);
    expect(notice?.text).toContain(
      "signed in to from Firefox on Windows, 26 November 2026 at 14:05 UTC.",
    );
    expect(notice?.text).not.toContain("Mozilla");
    expect(notice?.link.href).toBe("https://shop.test/account/sessions");
  });

  it("does not come for a sign-in that failed", async () => {
    const { email } = await registerPerson();
    expect((await logIn(email, FIREFOX, "wrong horse battery staple")).status).toBe(401);
    expect(await notices(email)).toEqual([]);
  });

  it("says nothing that a device calls itself: anybody can write anything there", async () => {
    const { email } = await registerPerson();
    for (const evil of [
      '<a href="https://evil.test">Click</a>',
      "Your card was charged: call +1 900 555 0100",
      "Firefox/1 Windows https://evil.test",
    ])
      await logIn(email, evil);
    const mails = await notices(email);
    expect(mails).toHaveLength(3);
    for (const { html, text } of mails) expect(html + text).not.toMatch(/evil|Click|charged|900/);
    expect(mails.map(({ text }) => /signed in to from ([^,]*),/.exec(text)?.[1])).toEqual([
      "a program",
      "a program",
      "Firefox on Windows",
    ]);
  });

  it("is one mail, however often its message is delivered", async () => {
    const { email } = await registerPerson();
    await logIn(email, FIREFOX);
    expect(await notices(email)).toHaveLength(1);
    await deliver("mail.new_sign_in");
    await deliver("mail.verify_email");
    expect(await mailTo(email)).toHaveLength(2);
  });
});
