import type { Statement } from "../../platform/db.ts";
import {
  forgetAccount,
  forgetApiKeys,
  forgetCodes,
  forgetCustomer,
  forgetHistory,
  forgetHolds,
  forgetKeys,
  forgetLinks,
  forgetLog,
  forgetOrders,
  forgetPayments,
  forgetPromises,
  forgetRefunds,
  forgetSecrets,
  forgetSessions,
  forgetShipments,
  forgetSubjects,
  forgetTold,
  forgetUser,
  type Leaving,
} from "./store.ts";

interface Line {
  /** What of it names a person, and what becomes of that. */
  readonly what: string;
  /** Part of the one batch, in this order. */
  readonly forget: (leaving: Leaving) => readonly Statement[];
}

const BY_THE_WALK = () => [];

/**
 * What becomes of whatever the database knows of a person who is forgotten, table by table. `docs/PRIVACY.md` shows it; a
 * test holds that to it, and every table of the shop to either this one or to `NAMES_NOBODY`.
 */
export const FORGETTING = {
  forgotten_subjects: {
    what: "the orders and payments themselves are listed, so that nothing that comes later names anybody again",
    forget: forgetSubjects,
  },
  order_events: {
    what: "notes, tracking numbers and typed reasons go from the history; what happened and when stays",
    forget: forgetHistory,
  },
  refunds: { what: "typed reasons go; the money stays", forget: forgetRefunds },
  fulfillments: {
    what: "the tracking number goes; what was sent, when and by whom stays",
    forget: forgetShipments,
  },
  payments: { what: "the address of the payment page goes", forget: forgetPayments },
  discount_uses: { what: "the e-mail address goes", forget: forgetCodes },
  reservations: {
    what: "the hash of the network that a guest's hold was made from goes",
    forget: forgetHolds,
  },
  outgoing_events: {
    what: "what subscribers were sent goes; sent again, it is written of what is left",
    forget: forgetTold,
  },
  outbox: {
    what: "what a mail service has said of the address goes, and the address from a call to the operators; promises name ids only",
    forget: forgetPromises,
  },
  email_tokens: { what: "links in mails go", forget: forgetLinks },
  sessions: {
    what: "sign-ins end, and forget browser and network; the empty rows go after 90 days",
    forget: forgetSessions,
  },
  session_secrets: { what: "all go", forget: forgetSecrets },
  api_keys: { what: "keys end, and lose their name", forget: forgetApiKeys },
  users: {
    what: "e-mail address, name and password go; an empty row stays, that log and history can point to",
    forget: forgetUser,
  },
  accounts: { what: "the name goes, where nobody is left in it", forget: forgetAccount },
  audit_log: {
    what: "typed words go from lines about the orders, and the network from lines by the person; at once from those about them, and within the walk from the rest",
    forget: forgetLog,
  },
  orders: {
    what: "e-mail address, name, street, city, postal code and the pages to return to go; country, region, goods and amounts stay for the books. With colleagues in the account it goes on under the address of one of them",
    forget: forgetOrders,
  },
  customers: { what: "the row goes", forget: forgetCustomer },
  idempotency_keys: {
    what: "those of the user go; those of guests and staff are sealed with what was sent, and go after 24 hours",
    forget: forgetKeys,
  },
  webhook_events: {
    what: "what providers sent keeps its ids and nothing else: of what came before, within the walk; of what comes later, as it comes",
    forget: BY_THE_WALK,
  },
} as const satisfies Readonly<Record<string, Line>>;

/** What names nobody, and why. */
export const NAMES_NOBODY: Readonly<Record<string, string>> = {
  order_lines: "goods",
  refund_lines: "goods",
  fulfillment_lines: "goods",
  reservation_lines: "goods",
  disputes: "money, and a bank's word for why",
  stock_movements: "goods; what staff typed of a SKU",
  stock_levels: "goods",
  stock_checkpoints: "goods",
  products: "the catalog",
  variants: "the catalog",
  product_images: "the catalog",
  image_objects: "the catalog",
  discounts: "codes",
  discount_products: "codes",
  role_scopes: "fixed",
  state_transitions: "fixed",
  retention: "fixed",
  retention_clock: "a time",
  opening: "a number",
  order_numbers: "a number",
  tag_versions: "numbers",
  reconciliations: "how far tasks are, by ids",
  signing_keys: "keys",
  webhook_endpoints: "addresses of programs",
  webhook_secrets: "sealed secrets",
  webhook_deliveries: "ids and times",
  delivery_attempts: "what a program answered",
  dead_letters: "ids of messages",
  forgettings: "ids and times of those who were forgotten",
};

/** All of it, for one batch. */
export function forgetEverything(leaving: Leaving): Statement[] {
  return Object.values(FORGETTING).flatMap(({ forget }) => [...forget(leaving)]);
}
