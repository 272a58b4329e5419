import { describe, expect, it } from "vitest";
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
    expect((await logIn(email, FIREFOX)).status).toBe(200);
    expect(await notices(email)).toHaveLength(1);
    expect((await logIn(email, FIREFOX)).status).toBe(200);
    expect(await notices(email)).toHaveLength(1);
    expect((await logIn(email, "curl/8")).status).toBe(200);
    expect(await notices(email)).toHaveLength(2);
  });

  it("says which device it was, and leads to the sessions", async () => {
    const { email } = await registerPerson();
    await logIn(email, FIREFOX);
    const [notice] = await notices(email);
    expect(notice?.text).toContain(FIREFOX);
    expect(notice?.link.href).toBe("https://shop.test/account/sessions");
  });

  it("does not come for a sign-in that failed", async () => {
    const { email } = await registerPerson();
    expect((await logIn(email, FIREFOX, "wrong horse battery staple")).status).toBe(401);
    expect(await notices(email)).toEqual([]);
  });

  it("shows what a device calls itself as text, and no more than 300 characters of it", async () => {
    const { email } = await registerPerson();
    const evil = `<a href="https://evil.test">Click</a> ${"x".repeat(1000)}`;
    await logIn(email, evil);
    const [notice] = await notices(email);
    expect(notice?.html).not.toContain('<a href="https://evil.test">');
    expect(notice?.text).not.toContain("x".repeat(301));
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
