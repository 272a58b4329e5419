/** What an address may say has just been done; anything else in it says nothing. */
const WORDS = {
  welcome:
    "Welcome. We have sent you a mail with a link: open it, so that we know the address is yours.",
  verified: "Your email address is verified. What you have paid for with it joins your account.",
  "mail-sent": "The mail is on its way. Its link is good for 24 hours.",
  "name-changed": "Your name is changed.",
  "password-changed": "Your password is changed, and you are signed out everywhere else.",
  "password-set":
    "Your new password is set, and you are signed out everywhere. Sign in with it now.",
  "signed-out": "You are signed out.",
  "session-ended": "That one is signed out.",
  "others-ended": "You are signed out everywhere else.",
} as const;

export type Done = keyof typeof WORDS;

const words = new Map<string, string>(Object.entries(WORDS));

/** The address of a page that says what was done. */
export function saying(path: string, done: Done): string {
  return `${path}?done=${done}`;
}

export function Notice({ done }: { done: string | undefined }) {
  const sentence = done === undefined ? undefined : words.get(done);
  if (sentence === undefined) return null;
  return (
    <p class="notice good" role="status">
      {sentence}
    </p>
  );
}
