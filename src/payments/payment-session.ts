import type { Money } from "../platform/money.ts";
import type { Mark } from "./news.ts";

/** What is asked for in a session and why, in minor units of `currency`. */
export interface Breakdown {
  readonly currency: string;
  readonly subtotal: number;
  readonly discount: number;
  readonly shipping: number;
  /** All tax, also that which is in the prices. */
  readonly tax: number;
  /** What of it is on the delivery. */
  readonly shippingTax: number;
  readonly total: number;
}

export interface SessionAddress {
  readonly name: string;
  readonly line1: string;
  readonly line2?: string | undefined;
  readonly city: string;
  readonly region?: string | undefined;
  readonly postalCode: string;
  readonly country: string;
}

/** What a provider has an order paid in: opened by the shop, completed by the customer on the provider's page. */
export interface PaymentSession {
  readonly sessionId: string;
  /** Where the customer pays; null once nobody can. */
  readonly url: string | null;
  /** `processing`: done by the customer, but the bank has yet to pay. */
  readonly state: "open" | "expired" | "processing" | "failed" | "paid";
  /** What was received once it was; before that, what is asked for. */
  readonly total: Money;
  readonly asked: Breakdown;
  /** What it was paid with, as the provider calls it; null while nobody has tried, or where it was not said. */
  readonly method: string | null;
  /** The payment that it has made at the provider. */
  readonly providerPaymentId: string | null;
  readonly email: string | null;
  /** What the customer was asked for there. */
  readonly address: SessionAddress | null;
}

/** Where a payment was made. */
export interface PaymentOrigin {
  /** The order's id as the shop wrote it on the session; null for one of another integration. */
  readonly orderId: string | null;
  readonly mark: Mark;
  readonly session: PaymentSession;
  /** What the shop gave along when it opened the session; null where there is none. */
  readonly memo: string | null;
  /** Where the shop said that it delivers to. */
  readonly deliverTo: SessionAddress | null;
}

export interface SessionDiscount {
  /** What the customer typed, and sees while paying. */
  readonly code: string;
  readonly off: Money;
}

export interface SessionRate {
  readonly name: string;
  readonly price: Money;
  /** Days until it arrives. */
  readonly minDays?: number | undefined;
  readonly maxDays?: number | undefined;
}

/** What the shop asks for in a session: the same in every try of one order. */
export interface SessionRequest {
  readonly orderId: string;
  /** For people who look at the provider's dashboard. */
  readonly orderNumber: number;
  /** A text that the provider keeps with the session, for `PaymentOrigin`. */
  readonly memo: string;
  /** Milliseconds; no session of the order is older. */
  readonly orderedAt: number;
  readonly lines: readonly {
    readonly name: string;
    readonly price: Money;
    readonly quantity: number;
  }[];
  readonly discount: SessionDiscount | null;
  /** At most five; the first is preselected. */
  readonly rates: readonly SessionRate[];
  /** Whether prices are without or with the tax that the provider works out; null where it works out none. */
  readonly tax: "exclusive" | "inclusive" | null;
  /** The methods that take days which may be offered; no others of that kind are. */
  readonly delayed: readonly string[];
  /** Where the customer is asked for an address in; none: they are not asked. */
  readonly countries: readonly string[];
  readonly address: SessionAddress | null;
  readonly email: string | null;
  readonly successUrl: string;
  readonly cancelUrl: string;
  /** Milliseconds; 30 minutes to 24 hours from now. */
  readonly expiresAt: number;
}

export type SessionTimes = Pick<SessionRequest, "orderId" | "orderedAt" | "expiresAt">;
