import type { Letter } from "../letter/letter.ts";
import { type AboutAccount, accountLetter } from "./about-account.ts";

export function verifyEmail(about: AboutAccount): Letter {
  return accountLetter(about, {
    subject: "Please confirm your email address",
    words:
      "Confirm that this address is yours, and the orders you made with it as a guest join your account. The link is good for 24 hours. If you did not register, ignore this mail.",
    label: "Confirm the address",
  });
}
