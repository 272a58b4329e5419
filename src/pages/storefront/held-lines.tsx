import { type StoredOrder, sumWords } from "../../orders/index.ts";
import { formatMoney } from "../../platform/money.ts";
import { Picture } from "../design/parts.tsx";
import { addressLines } from "../orders/order-facts.ts";
import type { HeldLine, HoldView } from "./reservation.ts";

/** What a hold holds, and what it costs. */
export function Lines({ hold }: { hold: HoldView }) {
  return (
    <>
      <ul class="lines">
        {hold.lines.map((line) => (
          <Line line={line} resizes={hold.resizes} />
        ))}
      </ul>
      {hold.sums.map((sum, i) => (
        <p class={i === hold.sums.length - 1 ? "total" : "total part"}>
          <span>{sum.label}</span> <span class="price">{sumWords(sum)}</span>
        </p>
      ))}
    </>
  );
}

function Line({ line, resizes }: { line: HeldLine; resizes: boolean }) {
  const { quantity, title, variantTitle, variant, total } = line;
  return (
    <li>
      <Picture image={variant?.image} resizes={resizes} sizes="4.5rem" decorative />
      <div class="what">
        {variant === undefined ? (
          <span>{title}</span>
        ) : (
          <a href={`/products/${variant.product.slug}`}>{title}</a>
        )}
        <span class="soft">{variantTitle}</span>
        <span class="soft">
          {quantity} {quantity === 1 ? "piece" : "pieces"}
        </span>
      </div>
      <span class="price">{formatMoney(total)}</span>
    </li>
  );
}

/** What was typed for the order, before it is paid: nothing of it changes any more. */
export function WhoAndWhere({ order: { email, shippingAddress: to } }: { order: StoredOrder }) {
  return (
    <dl class="statuses">
      {email === null ? null : (
        <div>
          <dt>Receipt to</dt>
          <dd class="email">{email}</dd>
        </div>
      )}
      {to === null ? null : (
        <div>
          <dt>Delivery</dt>
          <dd>{addressLines(to).join(", ")}</dd>
        </div>
      )}
    </dl>
  );
}
