import { SECOND_MS } from "../../platform/clock.ts";
import { refusedUrl } from "../endpoints/endpoint-url.ts";
import { NotSent, requirePublicHost } from "./resolve-host.ts";

/** For the name and the answer together. */
const TIMEOUT_MS = 10 * SECOND_MS;

export interface Outcome {
  /** HTTP's; null where there was no answer. */
  readonly status: number | null;
  /** Why it does not count as delivered; null when it does. */
  readonly error: string | null;
  /** Whether somebody has answered in time. */
  readonly answered: boolean;
}

interface Letter {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

interface Where {
  readonly dnsUrl: string | undefined;
  readonly anywhere: boolean;
}

/** Sends an event, and says what came of it; never throws. Only a 2xx counts: a redirection is not followed, because it could lead anywhere. */
export async function post({ url, headers, body }: Letter, where: Where): Promise<Outcome> {
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  try {
    const why = refusedUrl(url, where.anywhere);
    if (why !== undefined)
      throw new NotSent(`The address ${why.charAt(0).toLowerCase()}${why.slice(1)}`);
    if (!where.anywhere)
      await requirePublicHost(new URL(url).hostname, { resolver: where.dnsUrl, signal });
    const request = { method: "POST", headers, body, redirect: "manual", signal } as const;
    const response = await fetch(url, request);
    await response.body?.cancel().catch(() => undefined); // nobody reads it, and the status is known
    return { status: response.status, error: errorOf(response.status), answered: true };
  } catch (error) {
    return { status: null, error: wordsOf(error), answered: error instanceof NotSent };
  }
}

function errorOf(status: number): string | null {
  if (status >= 200 && status < 300) return null;
  return status >= 300 && status < 400
    ? "A redirection is not followed: name the address that it leads to."
    : `It answered ${status}.`;
}

function wordsOf(error: unknown): string {
  if (error instanceof NotSent) return error.message;
  if (error instanceof Error && error.name === "TimeoutError")
    return "No answer within 10 seconds.";
  return "It could not be reached.";
}
