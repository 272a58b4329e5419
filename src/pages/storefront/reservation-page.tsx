import type { Country } from "../../platform/countries.ts";
import type { PageHead } from "../design/layout.tsx";
import { Problems } from "../design/parts.tsx";
import type { FieldErrors, Form } from "../form.ts";
import { paymentUrlOf } from "../orders/payment-url.ts";
import { formatMinutes, formatTime, type Visitor } from "../visitor.ts";
import { CheckoutForm } from "./checkout-form.tsx";
import { Lines, WhoAndWhere } from "./held-lines.tsx";
import { type HoldView, type Stage, type Standing, standingOf } from "./reservation.ts";

export interface ReservationPageState {
  readonly hold: HoldView;
  readonly visitor: Visitor;
  /** Where the shop delivers to. */
  readonly countries: readonly Country[];
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly form: Form;
  readonly errors: FieldErrors;
  /** What became of the last thing that was tried, when it did not work. */
  readonly failure: string | undefined;
}

const HEADINGS: Readonly<Record<Stage, string>> = {
  choose: "It is yours for now",
  pay: "One step left: your payment",
  closing: "The 15 minutes are over",
  bank: "Your bank is on it",
  bought: "This one is yours",
  released: "You have given it back",
  expired: "The 15 minutes are over",
};

/** A hold: what, until when, and what its holder can do next. */
export function reservationPage(given: ReservationPageState) {
  const standing = standingOf(given.hold, given.now);
  // What was wrong with a form says nothing where it is not asked for any more.
  const state = standing.stage === "choose" ? given : { ...given, errors: {} };
  const { stage } = standing;
  const heading = stage === "ended" ? standing.headline.heading : HEADINGS[stage];
  const problem = state.failure !== undefined || Object.keys(state.errors).length > 0;
  const head: PageHead = {
    title: problem ? `Please check: ${heading}` : heading,
    description: "What is reserved for you, and until when.",
  };
  const content = (
    <div class="hold">
      <header class="hold-head">
        <h1>{heading}</h1>
        <WhatWentWrong {...state} />
      </header>
      <section class="held" aria-labelledby="held">
        {stage === "choose" || stage === "pay" ? <Countdown {...state} /> : null}
        <h2 id="held">
          {stage === "choose" || stage === "pay" ? "Reserved for you" : "What it was about"}
        </h2>
        <Lines hold={state.hold} />
      </section>
      <section class="next" aria-label="What is next">
        <Next {...state} standing={standing} />
      </section>
    </div>
  );
  return { head, content };
}

function WhatWentWrong({ failure, errors }: ReservationPageState) {
  const wrong = Object.keys(errors).length;
  if (failure !== undefined) return <Problems heading={failure} errors={{}} />;
  if (wrong === 0) return null;
  const count = wrong === 1 ? "One thing is" : `${wrong} things are`;
  return <Problems heading={`${count} missing or wrong.`} errors={errors} />;
}

function Countdown({ hold, visitor, now }: ReservationPageState) {
  const { id, expiresAt } = hold.reservation;
  const left = Date.parse(expiresAt) - now;
  const source = `/reservations/${id}/countdown.svg`;
  return (
    <div class="countdown" data-countdown={Math.max(0, left)}>
      <div class="ring">
        <picture>
          <source srcset={`${source}?theme=dark`} media="(prefers-color-scheme: dark)" />
          <img src={source} alt="" width="120" height="120" />
        </picture>
        <span class="clock" role="timer" aria-label="Time left" hidden />
      </div>
      <p>
        Nobody else can buy it until{" "}
        <strong>
          <time datetime={expiresAt} data-local>
            {formatTime(expiresAt, visitor.timeZone)}
          </time>
        </strong>
        .<br />
        <span class="soft static">
          {left > 0
            ? `That is ${formatMinutes(left)} from when this page was loaded.`
            : "That time has passed."}
        </span>
      </p>
      <p class="hidden" role="status" />
    </div>
  );
}

const TO_THE_ORDER = "See your order";
const WAYS: Readonly<Record<Exclude<Stage, "choose" | "pay">, { label: string; words: string }>> = {
  closing: {
    label: TO_THE_ORDER,
    words:
      "We are closing the payment page. If you have paid in time, it is yours. Look at your order in a minute to see what became of it.",
  },
  bank: {
    label: TO_THE_ORDER,
    words:
      "Your payment is under way. It can take your bank a few days, and we keep everything for you until then.",
  },
  bought: {
    label: TO_THE_ORDER,
    words: "It has been paid for. Everything else is on the page of your order.",
  },
  released: {
    label: "Look again",
    words:
      "Nothing was charged, and others can buy it now. If you want it after all, simply reserve it again.",
  },
  expired: {
    label: "Reserve it again",
    words:
      "The reservation ended without a payment, so it went back on the shelf. Nothing was charged. With a little luck it is still there.",
  },
};

function Next(state: ReservationPageState & { standing: Standing }) {
  const { hold, standing } = state;
  const { stage } = standing;
  const { id } = hold.reservation;
  if (stage === "pay") return <Pay {...state} />;
  if (stage === "choose") {
    return (
      <>
        <CheckoutForm {...state} />
        <Release
          id={id}
          words="Changed your mind? Give it back, so that somebody else can have it."
        />
      </>
    );
  }
  const { label, words } =
    stage === "ended" ? { label: TO_THE_ORDER, words: standing.headline.words } : WAYS[stage];
  return (
    <>
      <p class="lead">{words}</p>
      <p>
        <a
          class="button primary"
          href={label === TO_THE_ORDER ? `/reservations/${id}/order` : backTo(hold)}
        >
          {label}
        </a>
      </p>
      {stage !== "ended" ? null : (
        <p>
          <a href={backTo(hold)}>Look again</a>
        </p>
      )}
    </>
  );
}

function backTo({ lines }: HoldView): string {
  const slug = lines[0]?.variant?.product.slug;
  return slug === undefined ? "/" : `/products/${slug}`;
}

function Pay({ hold }: ReservationPageState) {
  const { id } = hold.reservation;
  const paymentUrl = hold.order === undefined ? undefined : paymentUrlOf(hold.order);
  return (
    <>
      <p class="lead">
        {`Your order #${hold.order?.number ?? ""} is waiting for its payment. Nothing is charged until you confirm it there.`}
      </p>
      {hold.order === undefined ? null : <WhoAndWhere order={hold.order} />}
      {paymentUrl === undefined ? (
        <form method="post" action={`/reservations/${id}/checkout`}>
          <button class="primary" type="submit">
            Continue to the payment
          </button>
        </form>
      ) : (
        <p>
          <a class="button primary" href={paymentUrl}>
            Continue to the payment
          </a>
        </p>
      )}
      <Release
        id={id}
        words="Is something of it wrong, or have you changed your mind? Giving it back cancels the order and closes its payment page. Then you can reserve it again, and start anew."
      />
    </>
  );
}

function Release({ id, words }: { id: string; words: string }) {
  return (
    <form class="release" method="post" action={`/reservations/${id}/release`}>
      <p class="fine">{words}</p>
      <button type="submit">Release it</button>
    </form>
  );
}
