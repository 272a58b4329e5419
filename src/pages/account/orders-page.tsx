import type { Person } from "../../identity/index.ts";
import type { ShownOrder } from "../../orders/index.ts";
import { formatMoney } from "../../platform/money.ts";
import { headlineOf } from "../orders/order-words.ts";
import { formatTime } from "../visitor.ts";
import { AccountShell } from "./account-shell.tsx";

export interface OrdersState {
  readonly person: Person;
  readonly orders: readonly ShownOrder[];
  readonly nextCursor: string | null;
  /** Not the first page. */
  readonly further: boolean;
  readonly timeZone: string;
}

/** What the account has ordered, newest first. */
export function ordersPage({ person, orders, nextCursor, further, timeZone }: OrdersState) {
  const head = { title: "Your orders", description: "What you have ordered." };
  const content = (
    <AccountShell person={person} at="/account/orders" done={undefined}>
      {orders.length === 0 ? (
        <Nothing person={person} />
      ) : (
        <ul class="lines orders">
          {orders.map((order) => (
            <Entry order={order} timeZone={timeZone} />
          ))}
        </ul>
      )}
      {nextCursor === null && !further ? null : (
        <nav class="paging" aria-label="Pages">
          {further ? <a href="/account/orders">Back to the newest</a> : null}
          {nextCursor === null ? null : (
            <a
              class="button"
              rel="next"
              href={`/account/orders?${new URLSearchParams({ cursor: nextCursor })}`}
            >
              Show older ones
            </a>
          )}
        </nav>
      )}
    </AccountShell>
  );
  return { head, content };
}

function Nothing({ person }: { person: Person }) {
  return (
    <div class="nothing">
      <p class="lead">
        {person.emailVerified
          ? "There is nothing here yet."
          : "There is nothing here yet. What you have paid for as a guest joins once your address is verified."}
      </p>
      <p>
        <a class="button" href="/">
          See what there is
        </a>
      </p>
    </div>
  );
}

const TONES = { good: "badge", waiting: "badge low", over: "badge sold_out" } as const;

function Entry({ order, timeZone }: { order: ShownOrder; timeZone: string }) {
  const { heading, tone } = headlineOf(order);
  return (
    <li>
      <div class="what">
        <a href={`/orders/${order.id}`}>Order #{order.number}</a>
        <span class="soft">
          {order.items.map(({ title, quantity }) => `${quantity} × ${title}`).join(", ")}
        </span>
        <time class="soft" datetime={order.createdAt} data-local="day">
          {formatTime(order.createdAt, timeZone, true)}
        </time>
      </div>
      <div class="state">
        <span class="price">{formatMoney(order.total)}</span>
        <span class={TONES[tone]}>{heading}</span>
      </div>
    </li>
  );
}
