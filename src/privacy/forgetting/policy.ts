/**
 * What becomes of whatever the database knows of a person who is forgotten, table by table, in the order in which it is
 * done. `docs/PRIVACY.md` shows it; a test holds that to it, and every table of the shop to either this one or to
 * `NAMES_NOBODY`.
 */
export const FORGETTING = {
  forgotten_subjects:
    "the orders and payments themselves are listed, so that nothing that comes later names anybody again",
  order_events:
    "notes, tracking numbers and typed reasons go from the history; what happened and when stays",
  refunds: "typed reasons go; the money stays",
  fulfillments: "the tracking number goes; what was sent, when and by whom stays",
  payments: "the address of the payment page goes",
  discount_uses: "the e-mail address goes",
  reservations: "the hash of the network that a guest's hold was made from goes",
  outgoing_events: "what subscribers were sent goes; sent again, it is written of what is left",
  outbox:
    "what a mail service has said of the address goes, and the address from a call to the operators; promises name ids only. The index of words hears by it of each order, as it is then, and of the customer",
  csv_jobs:
    "what was asked for goes once a job is over, and the log names only the filters; the files that staff have made go after 7 days",
  email_tokens: "links in mails go",
  sessions: "sign-ins end, and forget browser and network; the empty rows go after 90 days",
  session_secrets: "all go",
  api_keys: "keys end, and lose their name",
  users:
    "e-mail address, name and password go; an empty row stays, that log and history can point to",
  accounts: "the name goes, where nobody is left in it",
  audit_log:
    "typed words go from lines about the orders, and the network from lines by the person; at once from those about them, and within the walk from the rest",
  orders:
    "e-mail address, name, street, city, postal code and the pages to return to go; country, region, goods and amounts stay for the books. With colleagues in the account it goes on under the address of one of them",
  customers:
    "the row goes, and at once what the index of words has of it; the name alone, where an address that nobody has proved has bought as a guest",
  idempotency_keys:
    "those of the user go; those of guests and staff are sealed with what was sent, and go after 24 hours",
  webhook_events:
    "what providers sent keeps its ids and nothing else: of what came before, within the walk; of what comes later, as it comes",
} as const;

export type Forgotten = keyof typeof FORGETTING;

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
  import_rows: "lines of the catalog and of stock",
  sales_days: "sums of a day",
  product_days: "sums of a day",
  stock_days: "sums of a day",
  zone_offsets: "times",
  shop_settings: "what the shop says of itself",
  forgettings: "ids and times of those who were forgotten",
};
