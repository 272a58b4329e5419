import { knownDevice, type Person, type Session } from "../../identity/index.ts";
import { formatTime } from "../visitor.ts";
import { AccountShell } from "./account-shell.tsx";

const MAX_OTHER_CHARS = 60;

export interface SessionsState {
  readonly person: Person;
  readonly sessions: readonly Session[];
  readonly timeZone: string;
  readonly done: string | undefined;
}

/** Where somebody is signed in, and the way to end each of it. */
export function sessionsPage({ person, sessions, timeZone, done }: SessionsState) {
  const head = {
    title: "Where you are signed in",
    description: "Every browser and program that is signed in to your account.",
  };
  const others = sessions.filter(({ current }) => !current).length;
  const content = (
    <AccountShell person={person} at="/account/sessions" done={done}>
      <p class="lead">
        Is there one that you do not know? Sign it out, then{" "}
        <a href="/account">choose a new password</a>.
      </p>
      <ul class="lines sessions">
        {[...sessions]
          .sort((a, b) => Number(b.current) - Number(a.current))
          .map((session) => (
            <Entry session={session} timeZone={timeZone} />
          ))}
      </ul>
      {others < 2 ? null : (
        <form class="release" method="post" action="/account/end-others">
          <button type="submit">Sign out everywhere else</button>
        </form>
      )}
    </AccountShell>
  );
  return { head, content };
}

/** For its owner to recognize: a program that is no browser by what it calls itself. */
function deviceWords(userAgent: string): string {
  if (userAgent === "") return "A program";
  return knownDevice(userAgent) ?? `A program: ${userAgent.slice(0, MAX_OTHER_CHARS)}`;
}

function Entry({ session, timeZone }: { session: Session; timeZone: string }) {
  const { id, current, userAgent, address, createdAt, lastUsedAt } = session;
  const device = deviceWords(userAgent);
  return (
    <li>
      <div class="what">
        <span>{device}</span>
        <span class="soft">
          {current ? "In use now" : <Moment label="Last used" at={lastUsedAt} zone={timeZone} />}
          {address === "" || address === "unknown" ? "" : ` · ${address}`}
        </span>
        <span class="soft">
          <Moment label="Signed in" at={createdAt} zone={timeZone} />
        </span>
      </div>
      {current ? (
        <span class="badge">This one</span>
      ) : (
        <form method="post" action={`/account/sessions/${id}/end`}>
          <button type="submit">
            Sign out <span class="hidden">{device}</span>
          </button>
        </form>
      )}
    </li>
  );
}

function Moment({ label, at, zone }: { label: string; at: string; zone: string }) {
  return (
    <>
      {label}{" "}
      <time datetime={at} data-local="day">
        {formatTime(at, zone, true)}
      </time>
    </>
  );
}
