import { Webhook } from "standardwebhooks";

/** An event that was taken. */
export interface Told {
  readonly id: string;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Milliseconds. */
  readonly at: number;
}

/** Whoever is told of events: takes all, keeps what came, and verifies it as it comes. */
export class Subscribers {
  readonly told: Told[] = [];
  /** Any of them is a good one. */
  readonly secrets: string[] = [];
  /** What came with a signature that is none, as sentences. */
  readonly forged: string[] = [];
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  async take(request: Request): Promise<Response> {
    const headers = Object.fromEntries(request.headers);
    const body = await request.text();
    const id = headers["webhook-id"] ?? "";
    if (!this.secrets.some((secret) => isSigned(secret, body, headers)))
      this.forged.push(`${id} came with a signature that nobody here can verify`);
    this.told.push({ id, body, headers, at: this.#now() });
    return new Response(null, { status: 204 });
  }
}

function isSigned(secret: string, body: string, headers: Record<string, string>): boolean {
  try {
    new Webhook(secret).verify(body, headers);
    return true;
  } catch {
    return false;
  }
}
