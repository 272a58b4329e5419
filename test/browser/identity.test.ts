import type { Page } from "playwright-core";
import { describe, expect, inject, it } from "vitest";
import { useBrowser } from "./support/browser.ts";
import { mailedLink, newAddress, PASSWORD, register, signIn, signOut } from "./support/people.ts";
import { api } from "./support/shopping.ts";

const { open } = useBrowser();
const NEW_PASSWORD = "another horse, another battery";

describe.each([
  { scripts: "with scripts", javaScriptEnabled: true },
  { scripts: "without any script", javaScriptEnabled: false },
])("A person $scripts", ({ javaScriptEnabled }) => {
  it("registers, verifies the address by mail, signs out and in again", async () => {
    const page = await open({ javaScriptEnabled });
    const email = await register(page);
    await page.getByText("We have sent you a mail").waitFor();
    await page.getByText("Not verified yet").waitFor();

    const link = await mailedLink(email, "/verify-email?token=");
    await page.goto(link);
    await page.goto("/account");
    await page.getByText("Not verified yet").waitFor();
    await page.goto(link);
    await page.getByRole("button", { name: "Yes, verify it" }).click();
    await page.getByText("Your email address is verified.").waitFor();
    await page.getByText("Verified", { exact: true }).waitFor();

    await signOut(page);
    expect(await page.getByRole("link", { name: "Sign in", exact: true }).count()).toBe(1);
    await signIn(page, email);
    await page.getByRole("heading", { name: "Your account" }).waitFor();
    expect(await page.locator(".who").textContent()).toBe("Ada Lovelace");
  });

  it("sets a forgotten password by mail, once, which signs out everywhere", async () => {
    const page = await open({ javaScriptEnabled });
    const email = await register(page);
    const other = await open({ javaScriptEnabled });
    await other.goto("/sign-in");
    await other.getByRole("link", { name: "I forgot my password" }).click();
    await other.getByLabel("Email").fill(email);
    await other.getByRole("button", { name: "Send me the link" }).click();
    await other.getByRole("heading", { name: "Look into your mail" }).waitFor();

    const link = await mailedLink(email, "/reset-password?token=");
    await other.goto(link);
    await other.getByLabel("New password").fill("short");
    await other.getByRole("button", { name: "Set this password" }).click();
    await other.getByRole("alert").waitFor();
    await other.getByLabel("New password").fill(NEW_PASSWORD);
    await other.getByRole("button", { name: "Set this password" }).click();
    await other.getByText("Your new password is set").waitFor();
    await signIn(other, email, PASSWORD);
    await other.getByText("The email address or the password is wrong.").waitFor();
    await signIn(other, email, NEW_PASSWORD);
    await other.getByRole("heading", { name: "Your account" }).waitFor();

    await page.goto("/account");
    await page.waitForURL(/\/sign-in$/);
    await page.goto(link);
    await page.getByLabel("New password").fill(NEW_PASSWORD);
    await page.getByRole("button", { name: "Set this password" }).click();
    await page.getByRole("heading", { name: "This link does not work" }).waitFor();
  });

  it("changes name and password, and asks for the verification mail again", async () => {
    const page = await open({ javaScriptEnabled });
    const email = await register(page);
    await page.getByLabel("Name", { exact: true }).fill("Countess Lovelace");
    await page.getByRole("button", { name: "Change my name" }).click();
    await page.getByText("Your name is changed.").waitFor();
    expect(await page.locator(".who").textContent()).toBe("Countess Lovelace");
    await page.getByRole("button", { name: "Send the mail again" }).click();
    await page.getByText("The mail is on its way.").waitFor();
    await mailedLink(email, "/verify-email?token=", 2);

    await page.getByLabel("The one you have now").fill("wrong");
    await page.getByLabel("The new one").fill(NEW_PASSWORD);
    await page.getByRole("button", { name: "Change my password" }).click();
    await page.getByRole("alert").waitFor();
    expect(await page.locator("#currentPassword-error").textContent()).toContain(
      "not the password",
    );
    expect(await page.getByLabel("The new one").inputValue()).toBe("");
    await page.getByLabel("The one you have now").fill(PASSWORD);
    await page.getByLabel("The new one").fill(NEW_PASSWORD);
    await page.getByRole("button", { name: "Change my password" }).click();
    await page.getByText("Your password is changed").waitFor();
    await signOut(page);
    await signIn(page, email, NEW_PASSWORD);
    await page.getByRole("heading", { name: "Your account" }).waitFor();
  });
});

describe("Sessions", () => {
  it("are listed, and another one is signed out", async () => {
    const page = await open();
    const email = await register(page);
    const phone = await open({ userAgent: "Mozilla/5.0 (iPhone) Version/18.0 Safari/604.1" });
    await phone.goto("/sign-in");
    await signIn(phone, email);
    await phone.getByRole("heading", { name: "Your account" }).waitFor();
    expect(await mailedLink(email, "/account/sessions")).toBe(
      `${inject("shop").url}/account/sessions`,
    );

    await page.goto("/account/sessions");
    expect(await page.locator(".sessions li").count()).toBe(2);
    await page.getByRole("button", { name: "Sign out Safari on an iPhone" }).click();
    await page.getByText("That one is signed out.").waitFor();
    await phone.goto("/account");
    await phone.waitForURL(/\/sign-in$/);
    await page.goto("/account");
    await page.getByRole("heading", { name: "Your account" }).waitFor();
  });

  it("end everywhere else at once", async () => {
    const page = await open();
    const email = await register(page);
    const others = [await open(), await open()];
    for (const other of others) {
      await other.goto("/sign-in");
      await signIn(other, email);
      await other.getByRole("heading", { name: "Your account" }).waitFor();
    }
    await page.goto("/account/sessions");
    await page.getByRole("button", { name: "Sign out everywhere else" }).click();
    await page.getByText("You are signed out everywhere else.").waitFor();
    expect(await page.locator(".sessions li").count()).toBe(1);
    for (const other of others) {
      await other.goto("/account/sessions");
      await other.waitForURL(/\/sign-in\?next=%2Faccount%2Fsessions$/);
    }
  });

  it("of somebody else cannot be ended", async () => {
    const page = await open();
    await register(page);
    await page.goto("/account/sessions");
    const stranger = await open();
    await register(stranger);
    await stranger.goto("/account/sessions");
    const id = (await sessionIds(page))[0];
    expect(id).toMatch(/^ses_/);
    const answer = await stranger.request.post(`/account/sessions/${id}/end`, { maxRedirects: 0 });
    expect(answer.headers()["location"]).toBe("/account/sessions");
    await page.reload();
    expect(await page.locator(".sessions li").count()).toBe(2);
  });
});

/** The ids of a person's other sessions, after they have made one more. */
async function sessionIds(page: Page): Promise<string[]> {
  const email = (await page.locator(".account-head p").textContent()) ?? "";
  const more = await open();
  await more.goto("/sign-in");
  await signIn(more, email);
  await more.getByRole("heading", { name: "Your account" }).waitFor();
  await page.reload();
  const actions = await page
    .locator(".sessions form")
    .evaluateAll((forms) => forms.map((form) => form.getAttribute("action") ?? ""));
  return actions.map((action) => action.split("/")[3] ?? "");
}

describe("A refusal", () => {
  it("is the same for an unknown account and a wrong password, and keeps what was typed", async () => {
    const page = await open();
    const email = await register(page);
    await signOut(page);
    const said: (string | null)[] = [];
    for (const typed of [email, newAddress()]) {
      await page.goto("/sign-in");
      await signIn(page, typed, "not the password");
      said.push(await page.getByRole("alert").textContent());
      expect(await page.getByLabel("Email").inputValue()).toBe(typed);
      expect(await page.getByLabel("Password").inputValue()).toBe("");
    }
    expect(said[0]).toBe("The email address or the password is wrong.");
    expect(said[1]).toBe(said[0]);
  });

  it("does not meet who presses the button twice", async () => {
    const page = await open();
    await page.goto("/register");
    await page.getByLabel("Name").fill("Ada");
    await page.getByLabel("Email").fill(newAddress());
    await page.getByLabel("Password").fill(PASSWORD);
    await page.getByRole("button", { name: "Make my account" }).dblclick();
    await page.getByText("We have sent you a mail").waitFor();
  });

  it("says by the field what a registration lacks, and that an address is taken", async () => {
    const page = await open();
    const email = await register(page);
    await signOut(page);
    await page.goto("/register");
    await page.getByLabel("Email").fill("ada@");
    await page.getByLabel("Password").fill("password1234");
    await page.getByRole("button", { name: "Make my account" }).click();
    await page.getByText("3 things are missing or wrong.").waitFor();
    expect(await page.locator("#name-error").textContent()).toBe("Enter your name.");
    expect(await page.locator("#email-error").textContent()).toContain("ada@example.com");
    expect(await page.locator("#password-error").textContent()).toContain("too easy to guess");
    expect(await page.getByLabel("Email").inputValue()).toBe("ada@");
    expect(await page.content()).not.toContain("password1234");

    await page.getByLabel("Name").fill("Somebody");
    await page.getByLabel("Email").fill(email.toUpperCase());
    await page.getByLabel("Password").fill(PASSWORD);
    await page.getByRole("button", { name: "Make my account" }).click();
    await page.getByText("One thing is missing or wrong.").waitFor();
    expect(await page.locator("#email-error").textContent()).toContain("has an account already");
  });

  it("takes every character of a password as it was typed", async () => {
    const page = await open();
    const email = newAddress();
    const spaced = "  two spaces around  ";
    await page.goto("/register");
    await page.getByLabel("Name").fill("Ada");
    await page.getByLabel("Email").fill(email);
    await page.getByLabel("Password").fill(spaced);
    await page.getByRole("button", { name: "Make my account" }).click();
    await page.getByRole("heading", { name: "Your account" }).waitFor();
    await signOut(page);
    await signIn(page, email, spaced.trim());
    await page.getByRole("alert").waitFor();
    const login = { email, password: spaced };
    expect((await api("POST", "/auth/login", login)).data["user"]).toMatchObject({ email });
  });
});
