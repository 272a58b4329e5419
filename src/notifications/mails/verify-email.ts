import type { Letter } from "../letter/letter.ts";
import { type AboutAccount, accountLetter } from "./about-account.ts";

export function verifyEmail(about: AboutAccount): Letter {
  return accountLetter(about, {
    subject: "Please confirm your email address",
    words:
      "Open the link where you are signed in, and confirm that this address is yours: the orders that you have paid for with it as a guest then join your account. The link is good for 24 hours. If you did not register, ignore this mail: without you, nothing happens.",
    label: "Confirm the address",
  });
}
