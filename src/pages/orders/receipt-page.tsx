import {
  formatDay,
  includedTaxSums,
  isFree,
  type Order,
  OrderTable,
  type Paid,
} from "../../orders/index.ts";
import { type Seller, type ShopSettings, sellerLines } from "../../settings/index.ts";
import type { PageHead } from "../design/layout.tsx";
import { refundSums } from "./money-back-words.ts";
import { addressLines } from "./order-facts.ts";
import { BILL } from "./order-page.tsx";

interface ReceiptState {
  readonly order: Order;
  readonly paid: Paid;
  readonly settings: ShopSettings;
  readonly shopName: string;
  /** Who has taken the money, as people call it. */
  readonly provider: string;
  readonly orderPath: string;
}

/** An order that was paid, to be printed and kept. */
export function receiptPage(state: ReceiptState) {
  const { order, paid, settings, orderPath } = state;
  const head: PageHead = {
    title: `Receipt #${order.number}`,
    description: "A receipt to print and keep.",
    still: true,
  };
  const content = (
    <article class="receipt">
      <p class="unprinted">
        <a href={orderPath}>Back to the order</a>
      </p>
      <header class="parties">
        <h1>Receipt</h1>
        <SoldBy {...state} />
        <SoldTo order={order} />
      </header>
      <Facts {...state} />
      <OrderTable
        order={order}
        look={BILL}
        after={[...includedTaxSums(paid), ...refundSums(order)]}
      />
      {settings.receipt.footer === null ? null : <Footer text={settings.receipt.footer} />}
    </article>
  );
  return { head, content };
}

function SoldBy({ settings: { seller }, shopName }: ReceiptState) {
  return <Party title="Sold by" lines={seller === null ? [shopName] : linesOf(seller, shopName)} />;
}

/** The shop's name stands above that of who runs it, where that is another. */
function linesOf(seller: Seller, shopName: string): string[] {
  const lines = sellerLines(seller);
  return seller.name === shopName ? lines : [shopName, ...lines];
}

function SoldTo({ order: { email, shippingAddress: to } }: { order: Order }) {
  const lines = [...(to === null ? [] : addressLines(to)), ...(email === null ? [] : [email])];
  return lines.length === 0 ? null : <Party title="Sold to" lines={lines} />;
}

function Party({ title, lines }: { title: string; lines: readonly string[] }) {
  return (
    <section>
      <h2>{title}</h2>
      <address>
        {lines.map((line) => (
          <span>{line}</span>
        ))}
      </address>
    </section>
  );
}

function Facts({ order, paid, provider }: ReceiptState) {
  const facts = [
    { label: "Order", words: `#${order.number}` },
    { label: "Ordered on", words: formatDay(order.createdAt, paid) },
    { label: "Paid on", words: formatDay(paid.paidAt, paid) },
    {
      label: "Payment",
      words: isFree(order) ? "There was nothing to pay" : `Online, by ${provider}`,
    },
  ];
  return (
    <dl class="statuses">
      {facts.map(({ label, words }) => (
        <div>
          <dt>{label}</dt>
          <dd>{words}</dd>
        </div>
      ))}
    </dl>
  );
}

function Footer({ text }: { text: string }) {
  return (
    <footer class="fine">
      {text.split("\n").map((line) => (
        <p>{line}</p>
      ))}
    </footer>
  );
}
