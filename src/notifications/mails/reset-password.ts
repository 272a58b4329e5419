import type { Letter } from "../letter/letter.ts";
import { type AboutAccount, accountLetter } from "./about-account.ts";

export function resetPassword(about: AboutAccount): Letter {
  return accountLetter(about, {
    subject: "Choose a new password",
    words:
      "Somebody, hopefully you, has asked for a new password. The link is good for 30 minutes and for one use; it signs you out everywhere. If it was not you, ignore this mail: nothing has changed.",
    label: "Choose a password",
  });
}
