import type { Child } from "hono/jsx";
import type { Person } from "../../identity/index.ts";
import { Notice } from "../design/notices.tsx";

const ROOMS = {
  "/account": { heading: "Your account", label: "You" },
  "/account/orders": { heading: "Your orders", label: "Orders" },
  "/account/sessions": { heading: "Where you are signed in", label: "Sign-ins" },
} as const;

interface ShellProps {
  readonly person: Person;
  readonly at: keyof typeof ROOMS;
  readonly done: string | undefined;
  readonly children: Child;
}

/** The frame of the account's pages: who is signed in, where to go, and the way out. */
export function AccountShell({ person, at, done, children }: ShellProps) {
  return (
    <div class="account">
      <header class="account-head">
        <div>
          <h1>{ROOMS[at].heading}</h1>
          <p class="soft">{person.email}</p>
        </div>
        <form method="post" action="/sign-out">
          <button type="submit">Sign out</button>
        </form>
      </header>
      <nav class="sorting" aria-label="Parts of your account">
        {Object.entries(ROOMS).map(([path, { label }]) => (
          <a href={path} aria-current={path === at ? "page" : undefined}>
            {label}
          </a>
        ))}
      </nav>
      <Notice done={done} />
      {children}
    </div>
  );
}
