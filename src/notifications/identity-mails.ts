import { button, escapeHtml, frame } from "./layout.ts";
import type { Mail } from "./mailer.ts";

interface Addressed {
  readonly shopName: string;
  readonly to: string;
  readonly name: string;
}

/** One heading, one paragraph, one link: the shape of every mail about an account. */
function letter(
  mail: Addressed,
  heading: string,
  words: string,
  link: { url: string; label: string },
): Mail {
  const greeting = `Hello ${mail.name},`;
  return {
    to: mail.to,
    subject: heading,
    html: frame(
      mail.shopName,
      heading,
      `<p style="margin:0 0 12px">${escapeHtml(greeting)}</p><p style="margin:0">${escapeHtml(words)}</p>${button(link.url, link.label)}`,
    ),
    text: [greeting, "", words, "", `${link.label}: ${link.url}`, "", mail.shopName].join("\n"),
  };
}

export function verifyEmailMail(mail: Addressed & { readonly url: string }): Mail {
  return letter(
    mail,
    "Please confirm your email address",
    "Confirm that this address is yours, and the orders you made with it as a guest join your account. The link is good for 24 hours. If you did not register, ignore this mail.",
    { url: mail.url, label: "Confirm the address" },
  );
}

export function resetPasswordMail(mail: Addressed & { readonly url: string }): Mail {
  return letter(
    mail,
    "Choose a new password",
    "Somebody, hopefully you, has asked for a new password. The link is good for 30 minutes and for one use; it signs you out everywhere. If it was not you, ignore this mail: nothing has changed.",
    { url: mail.url, label: "Choose a password" },
  );
}

export function newSignInMail(
  mail: Addressed & { readonly url: string; readonly device: string; readonly at: string },
): Mail {
  return letter(
    mail,
    "New sign-in to your account",
    `Your account was signed in to from ${mail.device} at ${mail.at}. If it was you, there is nothing to do. If not, end that session and change your password.`,
    { url: mail.url, label: "See where you are signed in" },
  );
}
