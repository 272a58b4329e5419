import {
  EmailField,
  type Filled,
  hasProblems,
  NewPasswordField,
  titleOf,
} from "../design/fields.tsx";
import { signInAddress } from "../local-path.ts";
import { Door } from "./sign-in-page.tsx";

interface ForgotState extends Filled {
  readonly sent: boolean;
}

export function forgotPage({ sent, ...filled }: ForgotState) {
  const head = {
    title: sent ? "Look into your mail" : titleOf("Forgot your password?", filled),
    description: "Set a new password by mail.",
  };
  if (sent) {
    const content = (
      <Door
        heading="Look into your mail"
        lead="If there is an account with that address, a mail with a link is on its way to it. The link is good for 30 minutes, and once."
        {...filled}
      >
        <ul class="ways">
          <li>
            Nothing there after a few minutes? See whether it was taken for spam, or{" "}
            <a href="/forgot-password">ask again</a>.
          </li>
        </ul>
      </Door>
    );
    return { head, content };
  }
  const content = (
    <Door
      heading="Forgot your password?"
      lead="Tell us your address, and we send you a link to choose a new one."
      {...filled}
    >
      <form class="panel" method="post" action="/forgot-password" novalidate>
        <EmailField {...filled} />
        <button class="primary" type="submit">
          Send me the link
        </button>
      </form>
      <ul class="ways">
        <li>
          <a href="/sign-in">I remember it after all</a>
        </li>
      </ul>
    </Door>
  );
  return { head, content };
}

interface LinkState extends Filled {
  readonly token: string;
}

export function resetPage({ token, ...filled }: LinkState) {
  const head = {
    title: titleOf("Choose a new password", filled),
    description: "Choose a new password.",
  };
  if (token === "" || filled.failure !== undefined) {
    return { head, content: <DeadLink {...filled} page="reset" /> };
  }
  const content = (
    <Door
      heading="Choose a new password"
      lead="It takes the place of the old one, and signs you out everywhere."
      {...filled}
    >
      <form class="panel" method="post" action="/reset-password" novalidate>
        <input type="hidden" name="token" value={token} />
        <NewPasswordField label="New password" {...filled} />
        <button class="primary" type="submit">
          Set this password
        </button>
      </form>
    </Door>
  );
  return { head, content };
}

interface VerifyState extends LinkState {
  /** Who is signed in. */
  readonly email: string | undefined;
  /** Who is signed in is not whom the link is for. */
  readonly foreign?: boolean;
}

/** Opening the link does nothing yet: programs that look through mail open every link in it. */
export function verifyPage({ token, email, foreign = false, ...filled }: VerifyState) {
  const title = "Is this your address?";
  const head = { title: titleOf(title, filled), description: "Verify your email address." };
  if (foreign) return { head, content: <ForeignLink email={email} token={token} {...filled} /> };
  if (token === "" || hasProblems(filled)) {
    return { head, content: <DeadLink {...filled} page="verify" /> };
  }
  if (email === undefined) return { head, content: <SignInFirst token={token} {...filled} /> };
  const content = (
    <Door
      heading={title}
      lead="You have opened the link that we mailed you. One press, and we know that the address is yours."
      {...filled}
    >
      <form class="panel" method="post" action="/verify-email">
        <input type="hidden" name="token" value={token} />
        <button class="primary" type="submit">
          Yes, verify it
        </button>
        <p class="fine">
          What you have paid for with this address as a guest joins your account then.
        </p>
      </form>
    </Door>
  );
  return { head, content };
}

/** Where a link that proves an address leads. */
export function verifyAddress(token: string): string {
  return `/verify-email?${new URLSearchParams({ token })}`;
}

/** Where a link to a new password leads. */
export function resetAddress(token: string): string {
  return `/reset-password?${new URLSearchParams({ token })}`;
}

/** Who reads the mail need not have made the account: only its user can say that it is theirs. */
function SignInFirst({ token, ...filled }: LinkState) {
  return (
    <Door
      heading="Sign in to confirm"
      lead="You have opened the link that we mailed you. Sign in to the account that you have made with this address, and you come back here."
      {...filled}
    >
      <p>
        <a class="button primary" href={signInAddress(verifyAddress(token))}>
          Sign in
        </a>
      </p>
      <NotMine />
    </Door>
  );
}

function ForeignLink({ token, email, ...filled }: LinkState & { email: string | undefined }) {
  return (
    <Door
      heading="This link is for another account"
      lead={`You are signed in as ${email ?? "somebody else"}. Sign out, then open the link again and sign in as the one who made the account.`}
      {...filled}
    >
      <form method="post" action="/sign-out">
        <button class="primary" type="submit">
          Sign out
        </button>
      </form>
      <NotMine />
    </Door>
  );
}

function NotMine() {
  return (
    <ul class="ways">
      <li>
        You have made no account? Then somebody else has typed your address. Leave the mail alone:
        nothing of yours is theirs.
      </li>
      <li>
        Do you want the account for yourself? <a href="/forgot-password">Choose a new password</a>:
        it signs everybody else out.
      </li>
    </ul>
  );
}

/** Whoever may ask for another one, and where. */
const ANOTHER = {
  reset: { href: "/forgot-password", label: "Send me a new link" },
  verify: { href: "/account", label: "To my account, for a new link" },
} as const;

function DeadLink({ page, ...filled }: Filled & { page: keyof typeof ANOTHER }) {
  const { href, label } = ANOTHER[page];
  return (
    <Door
      heading="This link does not work"
      lead="Links in our mails are good for one use, and not for long. Some mail programs also cut them in two."
      {...filled}
    >
      <p>
        <a class="button primary" href={href}>
          {label}
        </a>
      </p>
    </Door>
  );
}
