export interface SentMail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly idempotencyKey: string | null;
  /** Milliseconds. */
  readonly at: number;
}

const KEY_LIFE_MS = 24 * 3_600_000;

interface Body {
  readonly to?: string | readonly string[];
  readonly subject?: string;
  readonly text?: string;
}

/** Resend as far as the shop uses it: takes mails, and one mail for an idempotency key within 24 hours. https://resend.com/docs/dashboard/emails/idempotency-keys */
export class MailService {
  readonly mails: SentMail[] = [];
  readonly #answers = new Map<string, { body: string; id: string; at: number }>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  async answer(request: Request): Promise<Response> {
    const path = new URL(request.url).pathname;
    if (request.method !== "POST" || path !== "/emails") {
      return problem(404, "not_found", `There is no ${request.method} ${path}.`);
    }
    const key = request.headers.get("Idempotency-Key");
    const text = await request.text();
    const before = key === null ? undefined : this.#answers.get(key);
    if (before !== undefined && this.#now() - before.at < KEY_LIFE_MS) {
      if (before.body === text) return Response.json({ id: before.id });
      return problem(409, "invalid_idempotent_request", "The key came with another mail before.");
    }
    return Response.json({ id: this.#take(text, key) });
  }

  #take(text: string, key: string | null): string {
    const { to = "", subject = "", text: words = "" } = JSON.parse(text) as Body;
    const at = this.#now();
    const id = `mail-${this.mails.length + 1}`;
    const address = typeof to === "string" ? to : to.join(", ");
    this.mails.push({ to: address, subject, text: words, idempotencyKey: key, at });
    if (key !== null) this.#answers.set(key, { body: text, id, at });
    return id;
  }
}

/** https://resend.com/docs/api-reference/errors */
export function problem(status: number, name: string, message: string): Response {
  return Response.json({ statusCode: status, name, message }, { status });
}
