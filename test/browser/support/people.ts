import type { Page } from "playwright-core";
import { expect, inject } from "vitest";

export const PASSWORD = "correct horse battery staple";
const SETTLE_MS = 90_000;

let count = 0;

/** An address that nobody has used yet. */
export function newAddress(): string {
  count += 1;
  return `person-${Date.now().toString(36)}-${count}@example.com`;
}

/** Fills the registration form; answers the new person's address. */
export async function register(page: Page, email = newAddress()): Promise<string> {
  await page.goto("/register");
  await page.getByLabel("Name").fill("Ada Lovelace");
  await page.getByLabel("Email").fill(email);
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Make my account" }).click();
  await page.getByRole("heading", { name: "Your account" }).waitFor();
  return email;
}

/** Fills the sign-in form that is on the page. */
export async function signIn(page: Page, email: string, password = PASSWORD): Promise<void> {
  await page.getByLabel("Email").fill(email);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
}

export async function signOut(page: Page): Promise<void> {
  await page.goto("/account");
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByText("You are signed out.").waitFor();
}

interface Mail {
  readonly to: readonly string[] | string;
  readonly subject: string;
  readonly text?: string;
  readonly html?: string;
}

/** Waits for the newest mail to this address with a link to this path, and answers the link. */
export async function mailedLink(email: string, path: string, nth = 1): Promise<string> {
  const { mailUrl } = inject("shop");
  let links: string[] = [];
  const look = async () => {
    const body = (await (await fetch(`${mailUrl}/emails`)).json()) as { data: Mail[] };
    links = body.data
      .filter(({ to }) => [to].flat().includes(email))
      .flatMap(({ text = "" }) => /https?:\/\/\S+/.exec(text) ?? [])
      .filter((link) => link.includes(path));
    return links.length;
  };
  await expect.poll(look, { timeout: SETTLE_MS }).toBeGreaterThanOrEqual(nth);
  return links[0] ?? "";
}
