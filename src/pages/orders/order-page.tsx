import {
  needParcel,
  type OrderEvent,
  OrderTable,
  type OrderTableLook,
  type ShownOrder,
} from "../../orders/index.ts";
import type { PageHead } from "../design/layout.tsx";
import { formatTime } from "../visitor.ts";
import { refundEntries, refundSums } from "./money-back-words.ts";
import {
  addressLines,
  eventWords,
  shipmentWords,
  statusesOf,
  takenOutWords,
} from "./order-facts.ts";
import { headlineOf } from "./order-words.ts";

export interface OrderPageState {
  readonly order: ShownOrder;
  readonly events: readonly OrderEvent[];
  readonly timeZone: string;
  /** Where to go on with an order that waits for its payment. */
  readonly paymentUrl: string | undefined;
  /** Where its receipt is; undefined before it is paid. */
  readonly receiptPath: string | undefined;
}

/** An order as its buyer sees it. */
export function orderPage(state: OrderPageState) {
  const { order, events, timeZone, paymentUrl, receiptPath } = state;
  const { heading, words, tone, refreshSeconds } = headlineOf(order);
  const head: PageHead = {
    title: `${heading} · Order #${order.number}`,
    description: "Where your order stands.",
    ...(refreshSeconds === undefined ? {} : { refreshSeconds }),
  };
  const content = (
    <article
      class="order"
      data-poll={refreshSeconds}
      data-state={`${order.status}/${order.paymentStatus}/${events.length}`}
    >
      <header class={`verdict ${tone}`}>
        <p class="eyebrow">Order #{order.number}</p>
        <h1>{heading}</h1>
        <p class="lead">{words}</p>
        {paymentUrl === undefined ? null : (
          <p>
            <a class="button" href={paymentUrl}>
              Continue to the payment
            </a>
          </p>
        )}
      </header>
      <Bill order={order} receiptPath={receiptPath} />
      <aside class="facts">
        <Facts order={order} />
        <History order={order} events={events} timeZone={timeZone} />
      </aside>
    </article>
  );
  return { head, content };
}

export const BILL: OrderTableLook = {
  table: { class: "bill" },
  line: { name: { class: "what" }, amount: { class: "price" } },
  title: {},
  detail: { class: "soft" },
  sum: { name: { class: "sum" }, amount: { class: "sum price" } },
  total: { name: { class: "sum due" }, amount: { class: "sum due price" } },
};

function Bill({ order, receiptPath }: Pick<OrderPageState, "order" | "receiptPath">) {
  return (
    <section aria-labelledby="bill">
      <h2 id="bill">What you ordered</h2>
      <OrderTable order={order} look={BILL} after={refundSums(order)} />
      {receiptPath === undefined ? null : (
        <p>
          <a href={receiptPath}>Receipt to print</a>
        </p>
      )}
    </section>
  );
}

function Facts({ order }: { order: ShownOrder }) {
  const { shippingAddress: to } = order;
  return (
    <>
      <h2>Where it stands</h2>
      <dl class="statuses">
        {statusesOf(order).map(({ label, words }) => (
          <div>
            <dt>{label}</dt>
            <dd>{words}</dd>
          </div>
        ))}
      </dl>
      <Entries
        title={needParcel(order.items) ? "Sent to you" : "Ready for you"}
        entries={order.fulfillments.map((shipment) => shipmentWords(order, shipment))}
      />
      <Entries title="Taken out of the order" entries={takenOutWords(order)} />
      <Entries title="Money back" entries={refundEntries(order)} />
      {to === null ? null : (
        <>
          <h2>Delivery address</h2>
          <address>
            {addressLines(to).map((line) => (
              <span>{line}</span>
            ))}
          </address>
        </>
      )}
    </>
  );
}

function Entries({ title, entries }: { title: string; entries: readonly string[] }) {
  if (entries.length === 0) return null;
  return (
    <>
      <h2>{title}</h2>
      <ul class="entries">
        {entries.map((entry) => (
          <li>{entry}</li>
        ))}
      </ul>
    </>
  );
}

function History({
  order,
  events,
  timeZone,
}: Pick<OrderPageState, "order" | "events" | "timeZone">) {
  return (
    <>
      <h2>What happened</h2>
      <ol class="history">
        {events.map((event) => {
          const { createdAt } = event;
          const words = eventWords(order, event);
          if (words === undefined) return null;
          return (
            <li>
              <span>{words}</span>
              <time class="soft" datetime={createdAt} data-local="day">
                {formatTime(createdAt, timeZone, true)}
              </time>
            </li>
          );
        })}
      </ol>
    </>
  );
}
