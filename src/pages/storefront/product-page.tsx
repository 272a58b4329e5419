import type { Product } from "../../catalog/index.ts";
import { TURNSTILE_ORIGIN } from "../../platform/turnstile.ts";
import type { PageHead } from "../design/layout.tsx";
import {
  availabilityOf,
  Badge,
  FieldError,
  Moment,
  Picture,
  Price,
  PriceFrom,
  Problems,
} from "../design/parts.tsx";
import type { FieldErrors } from "../form.ts";
import { FormKey, type Visit } from "./form-key.tsx";
import type { Choice } from "./reserve.ts";

const MAX_DESCRIPTION_CHARS = 160;

interface FormState {
  readonly product: Product;
  readonly choice: Choice;
  readonly errors: FieldErrors;
  /** Undefined in a page that is kept for all visitors. */
  readonly visit: Visit | undefined;
  /** Of the check that a person asks; undefined where there is none. */
  readonly siteKey: string | undefined;
  readonly resizes: boolean;
}

/** What is chosen before anybody has chosen: the first variant there is, once. */
export function firstChoice(product: Product): Choice {
  const variant = product.variants.find(({ availability }) => availability !== "sold_out");
  return { variant: variant?.sku ?? "", quantity: "1" };
}

/** One product with the form that reserves it. */
export function productPage(
  product: Product,
  {
    choice,
    errors = {},
    siteKey,
    visit,
    resizes,
  }: Pick<FormState, "choice" | "siteKey" | "visit" | "resizes"> & {
    errors?: FieldErrors;
  },
) {
  const head: PageHead = {
    title: Object.keys(errors).length > 0 ? `Please check: ${product.title}` : product.title,
    description: product.description.slice(0, MAX_DESCRIPTION_CHARS) || product.title,
    canonical: `/products/${product.slug}`,
  };
  const state = { product, choice, errors, siteKey, visit, resizes };
  const content = (
    <article class="product">
      {Object.keys(errors).length === 0 ? null : (
        <Problems
          heading="Nothing was reserved."
          errors={errors}
          targets={{ variant: "variant-0" }}
        />
      )}
      <Pictures {...state} />
      <div class="about">
        <h1>{product.title}</h1>
        <p class="headline">
          <PriceFrom variants={product.variants} />
          <Badge availability={availabilityOf(product)} />
        </p>
        {product.description.split(/\n\s*\n/).map((paragraph) => (
          <p class="description">{paragraph}</p>
        ))}
        <ReserveForm {...state} />
      </div>
    </article>
  );
  return { head, content };
}

/** The first one large, the others below it. */
function Pictures({ product, resizes }: FormState) {
  const [first, ...others] = product.images;
  return (
    <div class="pictures">
      <div class="frame">
        <Picture image={first} resizes={resizes} sizes="(min-width: 60rem) 36rem, 100vw" eager />
      </div>
      {others.length === 0 ? null : (
        <ul class="more">
          {others.map((image) => (
            <li class="frame">
              <Picture image={image} resizes={resizes} sizes="(min-width: 60rem) 18rem, 50vw" />
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function ReserveForm(state: FormState) {
  const { product, visit } = state;
  const word = availabilityOf(product);
  return (
    <form class="reserve" method="post" action={`/products/${product.slug}`}>
      <FormKey visit={visit} />
      <Variants {...state} />
      {word === "sold_out" || word === "over" ? (
        <Gone {...state} />
      ) : (
        <>
          <Quantity {...state} />
          <PersonCheck {...state} />
          {word === "not_yet" ? <Opening {...state} /> : null}
          <button class="primary" type="submit">
            Reserve for 15 minutes
          </button>
          <p class="fine">
            You pay on the next pages. Until then it costs nothing, and nobody else can buy it.
          </p>
          {product.closesAt === null ? null : (
            <p class="fine">
              It can be reserved until <Moment at={product.closesAt} />.
            </p>
          )}
        </>
      )}
    </form>
  );
}

/** When it opens. A script counts down to it and lets the button wait; without one it says no until then. */
function Opening({ product: { opensAt } }: FormState) {
  if (opensAt === null) return null;
  return (
    <div class="notice opening" data-opens={Date.parse(opensAt)}>
      <p>
        It can be reserved from <Moment at={opensAt} /> on.
      </p>
      <p class="clock" role="timer" aria-label="Time until it opens" hidden />
      <p class="hidden" role="status" />
    </div>
  );
}

function Gone({ product }: FormState) {
  const { closesAt } = product;
  if (availabilityOf(product) === "over" && closesAt !== null)
    return (
      <p class="notice">
        It could be reserved until <Moment at={closesAt} />.
      </p>
    );
  return (
    <p class="notice">
      All of it is sold or reserved. Reservations that are not paid come back within 15 minutes, so
      it can be worth another look.
    </p>
  );
}

function Variants({ product, choice, errors }: FormState) {
  const error = errors["variant"];
  return (
    <fieldset class="variants" aria-describedby={error === undefined ? undefined : "variant-error"}>
      <legend>{product.variants.length === 1 ? "There is one kind" : "Choose one"}</legend>
      <FieldError id="variant-error" message={error} />
      {product.variants.map((variant, i) => {
        const gone = variant.availability === "sold_out" || variant.availability === "over";
        return (
          <label class={`variant ${variant.availability}`}>
            <input
              id={`variant-${i}`}
              type="radio"
              name="variant"
              value={variant.sku}
              required
              checked={variant.sku === choice.variant}
              disabled={gone}
            />
            <span class="what">{variant.title}</span>
            <Badge availability={variant.availability} left={variant.left} />
            <Price money={variant.price} />
          </label>
        );
      })}
    </fieldset>
  );
}

/** https://developers.cloudflare.com/turnstile/get-started/client-side-rendering/ */
function PersonCheck({ siteKey, errors }: FormState) {
  if (siteKey === undefined) return null;
  return (
    <div class="field" id="turnstile">
      <div class="cf-turnstile" data-sitekey={siteKey} data-action="hold" />
      <script src={`${TURNSTILE_ORIGIN}/turnstile/v0/api.js`} async defer />
      <noscript>
        <p class="fine">Reserving needs JavaScript here: the shop checks that a person asks.</p>
      </noscript>
      <FieldError id="turnstile-error" message={errors["turnstile"]} />
    </div>
  );
}

function Quantity({ choice, errors }: FormState) {
  const error = errors["quantity"];
  return (
    <div class="field quantity">
      <label for="quantity">How many</label>
      <input
        id="quantity"
        name="quantity"
        type="number"
        min={1}
        step={1}
        inputmode="numeric"
        autocomplete="off"
        required
        value={choice.quantity}
        aria-invalid={error === undefined ? undefined : "true"}
        aria-describedby={error === undefined ? undefined : "quantity-error"}
      />
      <FieldError id="quantity-error" message={error} />
    </div>
  );
}
