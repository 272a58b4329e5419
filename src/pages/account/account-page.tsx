import type { Person } from "../../identity/index.ts";
import {
  Field,
  type Filled,
  FormProblems,
  NameField,
  NewPasswordField,
  titleOf,
  UNTOUCHED,
  Whose,
} from "../design/fields.tsx";
import { AccountShell } from "./account-shell.tsx";

export interface AccountState {
  readonly person: Person;
  readonly done?: string | undefined;
  readonly name?: Filled;
  readonly password?: Filled;
}

/** Who somebody is to the shop, and what they can change about it. */
export function accountPage(state: AccountState) {
  const { person, done, name = UNTOUCHED, password = UNTOUCHED } = state;
  const refused: Filled = state.name ?? password;
  const head = {
    title: titleOf("Your account", refused),
    description: "Your name, your address and your password.",
  };
  const content = (
    <AccountShell person={person} at="/account" done={done}>
      <FormProblems {...refused} />
      <div class="panels">
        <Address person={person} />
        <section class="panel" aria-labelledby="who">
          <h2 id="who">Your name</h2>
          <form method="post" action="/account/name" novalidate>
            <NameField value={person.name} {...name} />
            <button type="submit">Change my name</button>
          </form>
        </section>
        <section class="panel" aria-labelledby="key">
          <h2 id="key">Your password</h2>
          <form method="post" action="/account/password" novalidate>
            <Whose email={person.email} />
            <Field
              name="currentPassword"
              label="The one you have now"
              type="password"
              autocomplete="current-password"
              {...password}
            />
            <NewPasswordField label="The new one" {...password} />
            <button type="submit">Change my password</button>
            <p class="fine">You stay signed in here, and are signed out everywhere else.</p>
          </form>
        </section>
      </div>
    </AccountShell>
  );
  return { head, content };
}

function Address({ person: { email, emailVerified } }: { person: Person }) {
  return (
    <section class="panel" aria-labelledby="address">
      <h2 id="address">Your address</h2>
      <p class="headline">
        <span class="email">{email}</span>
        <span class={emailVerified ? "badge" : "badge low"}>
          {emailVerified ? "Verified" : "Not verified yet"}
        </span>
      </p>
      {emailVerified ? (
        <p class="soft">What you pay for with it as a guest is among your orders.</p>
      ) : (
        <form method="post" action="/account/verification">
          <p>
            Open the link in the mail that we sent you, where you are signed in. What you have paid
            for with this address as a guest joins your account then.
          </p>
          <button type="submit">Send the mail again</button>
        </form>
      )}
    </section>
  );
}
