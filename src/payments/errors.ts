/** What of a checkout a provider can refuse, as the API names it. */
export type Refused =
  | "email"
  | "shippingAddress"
  | `shippingAddress.${"name" | "line1" | "line2" | "city" | "region" | "postalCode" | "country"}`
  | "items"
  | "successUrl"
  | "cancelUrl";

interface Why {
  readonly tooSmall?: boolean;
  readonly about?: Refused | undefined;
  readonly cause?: unknown;
}

/** The provider understood and said no; asking again changes nothing. `reason` is its sentence. */
export class PaymentRefused extends Error {
  override readonly name = "PaymentRefused";
  readonly reason: string;
  /** Below the least that this account can be paid, which its settlement currency decides. */
  readonly tooSmall: boolean;
  /** What of the request it is about, where the provider says so. */
  readonly about: Refused | undefined;

  constructor(reason: string, { tooSmall = false, about, cause }: Why = {}) {
    super(`The payment provider refused: ${reason}`, { cause });
    this.reason = reason;
    this.tooSmall = tooSmall;
    this.about = about;
  }
}

/** The provider could not be asked, or did not know: the same request may be sent again. */
export class PaymentUnavailable extends Error {
  override readonly name = "PaymentUnavailable";
}
