import type { Order } from "../../orders/index.ts";
import type { MailTopic } from "../../platform/outbox/topics.ts";
import type { Letter } from "../letter/letter.ts";
import { lowStock } from "../mails/low-stock.ts";
import { newSignIn } from "../mails/new-sign-in.ts";
import { operators } from "../mails/operators.ts";
import { orderCanceled } from "../mails/order-canceled.ts";
import { orderPaid } from "../mails/order-paid.ts";
import { paymentFailed } from "../mails/payment-failed.ts";
import { paymentReturned } from "../mails/payment-returned.ts";
import { receipt } from "../mails/receipt.ts";
import { refunded } from "../mails/refunded.ts";
import { resetPassword } from "../mails/reset-password.ts";
import { shipped } from "../mails/shipped.ts";
import { verifyEmail } from "../mails/verify-email.ts";
import {
  AT,
  aboutAccount,
  aboutOrder,
  FREE,
  GOODS_ALONE,
  IN_EUROS,
  longNamed,
  lowLevel,
  NO_SELLER,
  PARCEL,
  PRODUCT_URL,
  REFUND,
  receiptDetails,
  TAX_INCLUDED,
  type Written,
} from "./sample.ts";

/** When a mail is sent, and what it says then. */
type Situation = readonly [when: string, letter: Letter];

/** Every mail in the situations in which it says different things; a mail without one does not compile. */
type Situations<T extends MailTopic> = {
  readonly [Topic in T]: readonly [Situation, ...Situation[]];
};

export function situationsOf(written: Written): Situations<MailTopic> {
  return { ...aboutGoods(written), ...aboutMoney(written), ...aboutAccounts(written) };
}

function aboutMoney(written: Written) {
  const about = (order?: Partial<Order>) => aboutOrder(written, order);
  const back = (reason: string) => about({ refunds: [{ ...REFUND, reason }] });
  const refundId = REFUND.id;
  return {
    "mail.payment_returned": [
      ["Sold out", paymentReturned(back("sold_out"))],
      ["Discount code used up", paymentReturned(back("code_used_up"))],
      ["Limit reached", paymentReturned(back("limit_reached"))],
      ["Order canceled", paymentReturned(back("order_canceled"))],
      [
        "Another amount",
        paymentReturned(
          about({ refunds: [{ ...REFUND, reason: "amount_mismatch", amount: IN_EUROS }] }),
        ),
      ],
    ],
    "mail.payment_failed": [
      ["Declined", paymentFailed(about(), { reason: "declined" })],
      ["Late", paymentFailed(about(), { reason: "late" })],
      ["Order over", paymentFailed(about(), { reason: "over" })],
    ],
    "mail.refunded": [["By the shop", refunded(about({ refunds: [REFUND] }), { refundId })]],
    "mail.order_canceled": [
      ["Paid", orderCanceled(about({ refunds: [REFUND] }), { refundId })],
      ["A bank at work", orderCanceled(about({ paymentStatus: "processing" }), {})],
      ["Unpaid", orderCanceled(about({ paymentStatus: "unpaid" }), {})],
      ["Refunded before", orderCanceled(about({ paymentStatus: "refunded" }), {})],
      [
        "Dispute lost",
        orderCanceled(
          about({ paymentStatus: "refunded", refunds: [{ ...REFUND, source: "dispute" }] }),
          {},
        ),
      ],
    ],
  } satisfies Partial<Situations<MailTopic>>;
}

function aboutGoods(written: Written) {
  const { carrier, trackingNumber } = written;
  const parcel = (how: Partial<typeof PARCEL>) =>
    shipped(aboutOrder(written, { fulfillments: [{ ...PARCEL, ...how }] }), {
      fulfillmentId: PARCEL.id,
    });
  return {
    "mail.receipt": [
      ["Discount, delivery and tax", receipt(aboutOrder(written), receiptDetails(written))],
      ["Goods alone", receipt(aboutOrder(written, GOODS_ALONE), NO_SELLER)],
      ["Tax in the prices", receipt(aboutOrder(written, GOODS_ALONE), TAX_INCLUDED)],
      ["Nothing to pay", receipt(aboutOrder(written, FREE), NO_SELLER)],
      ["Long names and large sums", receipt(aboutOrder(written, longNamed(written)), NO_SELLER)],
    ],
    "mail.shipped": [
      ["Carrier and number", parcel({ carrier, trackingNumber })],
      ["Carrier", parcel({ carrier })],
      ["Number", parcel({ trackingNumber })],
      ["Neither", parcel({})],
    ],
  } satisfies Partial<Situations<MailTopic>>;
}

function aboutAccounts(written: Written) {
  const { customer } = written;
  const signIn = (name: string | null, device: string | undefined) =>
    newSignIn({ ...aboutAccount(name, "/account/sessions"), device, at: Date.parse(AT) });
  const reset = (name: string | null) =>
    resetPassword(aboutAccount(name, "/reset-password?token=et_sample"));
  return {
    "mail.verify_email": [
      ["After registration", verifyEmail(aboutAccount(null, "/verify-email?token=et_sample"))],
    ],
    "mail.reset_password": [
      ["Forgotten", reset(customer)],
      ["An address that nobody has proved", reset(null)],
    ],
    "mail.new_sign_in": [
      ["A browser", signIn(customer, "Firefox on Windows")],
      ["A program", signIn(customer, undefined)],
      ["An address that nobody has proved", signIn(null, "Firefox on Windows")],
    ],
    "mail.order_paid": [
      ["An order", orderPaid(aboutOrder(written).order, aboutOrder(written).orderUrl)],
    ],
    "mail.low_stock": [
      ["Few left", lowStock(lowLevel(written, 3), PRODUCT_URL)],
      ["Filled up since", lowStock(lowLevel(written, 30), PRODUCT_URL)],
    ],
    "mail.operators": [
      ["A refund failed", operators({ subject: written.problem, text: written.whatToDo })],
    ],
  } satisfies Partial<Situations<MailTopic>>;
}
