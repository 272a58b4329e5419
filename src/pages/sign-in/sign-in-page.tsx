import type { Child } from "hono/jsx";
import {
  EmailField,
  Field,
  type Filled,
  FormProblems,
  NameField,
  NewPasswordField,
  titleOf,
} from "../design/fields.tsx";
import { Notice } from "../design/notices.tsx";
import { localPath, signInAddress } from "../local-path.ts";

export interface SignInState extends Filled {
  /** Where to go afterwards, as the address or the form said. */
  readonly next: string | undefined;
  readonly done?: string | undefined;
}

/** The field that carries `next` through the form. */
function Next({ next }: { next: string | undefined }) {
  const path = localPath(next);
  return path === undefined ? null : <input type="hidden" name="next" value={path} />;
}

interface DoorProps extends Filled {
  readonly heading: string;
  readonly lead: string;
  readonly done?: string | undefined;
  readonly children: Child;
}

/** The frame of every page with one small form. */
export function Door({ heading, lead, done, children, ...filled }: DoorProps) {
  return (
    <div class="door">
      <h1>{heading}</h1>
      <p class="lead">{lead}</p>
      <Notice done={done} />
      <FormProblems {...filled} />
      {children}
    </div>
  );
}

/** Whoever is led here from a hold may have none in an account. */
function leadFor(next: string | undefined): string {
  if (localPath(next)?.startsWith("/reservations/") === true)
    return "A reservation that was made with an account is shown when you are signed in. One that was made without is shown in the browser that ordered it, and not for ever.";
  return "Your orders are kept in your account, and the checkout knows you.";
}

export function signInPage({ next, done, ...filled }: SignInState) {
  const heading = "Good to see you again";
  const head = { title: titleOf("Sign in", filled), description: "Sign in to your account." };
  const content = (
    <Door heading={heading} lead={leadFor(next)} done={done} {...filled}>
      <form class="panel" method="post" action="/sign-in" novalidate>
        <Next next={next} />
        <EmailField {...filled} />
        <Field
          name="password"
          label="Password"
          type="password"
          autocomplete="current-password"
          {...filled}
        />
        <button class="primary" type="submit">
          Sign in
        </button>
      </form>
      <ul class="ways">
        <li>
          New here? <a href={signInAddress(next, "/register")}>Make an account</a>
        </li>
        <li>
          <a href="/forgot-password">I forgot my password</a>
        </li>
      </ul>
    </Door>
  );
  return { head, content };
}

export function registerPage({ next, ...filled }: SignInState) {
  const head = { title: titleOf("Make an account", filled), description: "Make an account." };
  const content = (
    <Door
      heading="Make an account"
      lead="You can buy without one. With it, all you have ordered is in one place, also what you ordered with this address before."
      {...filled}
    >
      <form class="panel" method="post" action="/register" novalidate data-once>
        <Next next={next} />
        <NameField {...filled} />
        <EmailField {...filled} />
        <NewPasswordField {...filled} />
        <button class="primary" type="submit">
          Make my account
        </button>
        <p class="fine">
          We send you one mail, to see that the address is yours. Nothing else, unless you order.
        </p>
      </form>
      <ul class="ways">
        <li>
          Have you been here before? <a href={signInAddress(next)}>Sign in</a>
        </li>
      </ul>
    </Door>
  );
  return { head, content };
}
