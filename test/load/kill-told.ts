/** One request as the client sends it, and sends it again. */
export interface Ask {
  readonly to: "shop" | "stripe";
  readonly method: string;
  readonly path: string;
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Answer {
  readonly status: number;
  readonly location: string | null;
  /** Byte for byte. */
  readonly text: string;
}

export interface Item {
  readonly sku: string;
  readonly quantity: number;
}

export interface Purchase {
  readonly orderId: string;
  readonly orderToken: string;
  readonly paymentUrl: string;
  readonly items: readonly Item[];
}

/** All that the shop has told its clients, and that they may rely on. */
export class Told {
  /** Answers to requests with an idempotency key, refusals too. */
  readonly keyed: { readonly ask: Ask; readonly answer: Answer }[] = [];
  readonly reservations = new Set<string>();
  readonly released = new Set<string>();
  readonly purchases = new Map<string, Purchase>();
  /** Order id → each status that somebody has read. */
  readonly seen = new Map<string, Set<string>>();
  /** Movement id → what was received. */
  readonly received = new Map<string, Item>();
  /** Refund id → what came back of which order. */
  readonly refunds = new Map<string, Pick<Purchase, "orderId" | "items">>();
  /** Orders paid at Stripe, as the customers know. */
  readonly paid = new Set<string>();

  saw(orderId: string, status: string): void {
    this.seen.set(orderId, (this.seen.get(orderId) ?? new Set()).add(status));
  }

  get count(): number {
    const seen = [...this.seen.values()].reduce((sum, { size }) => sum + size, 0);
    return this.keyed.length + this.released.size + seen;
  }
}
