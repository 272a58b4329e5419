import type { Scope } from "../../../src/platform/roles.ts";

/** What of other people there is to be seen, and with which scopes one may. Not made from the table of access: it is held against that. */
const MAY_SEE = {
  /** Names and addresses that somebody typed into an order. A provider's event repeats them. */
  order: ["orders:read", "orders:write", "webhooks:read", "identity:write"],
  /** What staff write down of an order for each other; the audit log repeats it. */
  note: ["orders:read", "identity:read"],
  /** Names of users; whoever reads orders reads who the customers are. */
  user: ["identity:read", "identity:write", "orders:read"],
  /** Discount codes; an order says which it was made with, also in the export of whoever has made it. */
  code: ["discounts:read", "discounts:write", "orders:read", "orders:write", "identity:write"],
  /** A guest's hold that has an order: its id opens nothing by then, and stands in the address that Stripe leads back to. */
  "spent hold": ["webhooks:read"],
  /** What opens something by itself: a guest's hold, tokens, keys, links in mails. */
  right: [],
} as const satisfies Record<string, readonly Scope[]>;

export type Kind = keyof typeof MAY_SEE;

/** What other people have that nobody else is to see. */
export class Secrets {
  readonly #kinds = new Map<string, Kind>();

  add(kind: Kind, text: string): void {
    this.#kinds.set(text, kind);
  }

  /** What of it stands in a text that somebody with these scopes is shown. */
  shownIn(text: string, powers: ReadonlySet<string>): string[] {
    return [...this.#kinds]
      .filter(
        ([secret, kind]) => !MAY_SEE[kind].some((one) => powers.has(one)) && text.includes(secret),
      )
      .map(([secret, kind]) => `${kind} ${secret}`);
  }

  /** What of it opens something, and stands in a text that many read, such as the log. */
  rightsIn(text: string): string[] {
    return [...this.#kinds]
      .filter(
        ([secret, kind]) => (kind === "right" || kind === "spent hold") && text.includes(secret),
      )
      .map(([secret]) => secret);
  }
}
