import type { Letter } from "../letter/letter.ts";
import { type AboutAccount, accountLetter } from "./about-account.ts";

interface SignIn extends AboutAccount {
  /** "Firefox on Windows"; undefined for what is no browser. */
  readonly device: string | undefined;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

const day = new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeZone: "UTC" });
const time = new Intl.DateTimeFormat("en-GB", { timeStyle: "short", timeZone: "UTC" });

export function newSignIn({ device = "a program", at, ...about }: SignIn): Letter {
  const when = `${day.format(at)} at ${time.format(at)} UTC`;
  return accountLetter(about, {
    subject: "New sign-in to your account",
    words: `Your account was signed in to from ${device}, ${when}. If it was you, there is nothing to do. If not, end that session and change your password.`,
    label: "See where you are signed in",
  });
}
