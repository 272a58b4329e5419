import type { Child } from "hono/jsx";
import type { Person } from "../identity/index.ts";
import { Notice } from "./notice.tsx";

const ROOMS = {
  "/account": "Your account",
  "/account/orders": "Your orders",
  "/account/sessions": "Where you are signed in",
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
          <h1>{ROOMS[at]}</h1>
          <p class="soft">
            {person.name} · {person.email}
          </p>
        </div>
        <form method="post" action="/sign-out">
          <button type="submit">Sign out</button>
        </form>
      </header>
      <nav class="sorting" aria-label="Parts of your account">
        {Object.entries(ROOMS).map(([path, words]) => (
          <a href={path} aria-current={path === at ? "page" : undefined}>
            {words}
          </a>
        ))}
      </nav>
      <Notice done={done} />
      {children}
    </div>
  );
}
