/** An event of a provider as the inbox keeps it. */
export interface EventBody {
  readonly type: string;
  /** As it came. */
  readonly payload: string;
}

export interface VerifiedEvent {
  readonly eventId: string;
  readonly type: string;
  /** Our order's id, where the event's object carries it; else that of the payment at the provider, if it is about one. */
  readonly subject: string | null;
}

/** Whose an object at the provider is, as it says itself. */
export type Mark = "own" | "none" | "other";

/**
 * What an event says in the shop's words: where to look. Events come late, twice and out of order, so what is there is
 * read afresh, and its state decides.
 */
export type PaymentNews =
  /** `id` is null where the event does not name the session. */
  | { readonly kind: "session"; readonly id: string | null; readonly mark: Mark }
  | {
      readonly kind: "refund" | "dispute";
      readonly id: string;
      readonly providerPaymentId: string;
    };
