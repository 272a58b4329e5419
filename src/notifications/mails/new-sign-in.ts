import type { Letter } from "../letter/letter.ts";
import { type AboutAccount, accountLetter } from "./about-account.ts";

interface SignIn extends AboutAccount {
  /** What the browser calls itself; empty where it says nothing. */
  readonly userAgent: string;
  /** RFC 3339. */
  readonly at: string;
}

export function newSignIn({ userAgent, at, ...about }: SignIn): Letter {
  const device = userAgent === "" ? "a program" : userAgent;
  return accountLetter(about, {
    subject: "New sign-in to your account",
    words: `Your account was signed in to from ${device} at ${at}. If it was you, there is nothing to do. If not, end that session and change your password.`,
    label: "See where you are signed in",
  });
}
