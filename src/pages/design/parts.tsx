import type { Product } from "../../catalog/index.ts";
import { formatMoney, type Money } from "../../platform/money.ts";
import type { FieldErrors } from "../form.ts";
import { formatTime } from "../visitor.ts";

export type Availability = Product["variants"][number]["availability"];

const AVAILABILITY_WORDS: Readonly<Record<Availability, string>> = {
  in_stock: "In stock",
  low: "Only a few left",
  sold_out: "Sold out",
  not_yet: "Opens soon",
  over: "Not for sale any more",
};
/** From the best to the worst; the last two are all variants' or none's. */
const BEST_FIRST = ["in_stock", "low", "sold_out", "not_yet", "over"] as const;

/** A product is as available as the best of its variants. */
export function availabilityOf({ variants }: Pick<Product, "variants">): Availability {
  const found = new Set(variants.map((variant) => variant.availability));
  return BEST_FIRST.find((word) => found.has(word)) ?? "sold_out";
}

/** A moment in words, in the time zone of who looks where a script runs. */
export function Moment({ at }: { at: string }) {
  return (
    <time datetime={at} data-local="day">
      {formatTime(at, "UTC", true)}
    </time>
  );
}

interface BadgeProps {
  readonly availability: Availability;
  /** How many there are, where that is few. */
  readonly left?: number | undefined;
}

export function Badge({ availability, left }: BadgeProps) {
  const words = left === undefined ? AVAILABILITY_WORDS[availability] : `Only ${left} left`;
  return <span class={`badge ${availability}`}>{words}</span>;
}

export function Price({ money }: { money: Money }) {
  return <span class="price">{formatMoney(money)}</span>;
}

/** "from" where variants differ; null where there is nothing to buy. */
export function PriceFrom({ variants }: Pick<Product, "variants">) {
  const [cheapest] = [...variants].sort((a, b) => a.price.amount - b.price.amount);
  if (cheapest === undefined) return null;
  const differ = variants.some(({ price }) => price.amount !== cheapest.price.amount);
  return (
    <span class="price">
      {differ ? "from " : ""}
      {formatMoney(cheapest.price)}
    </span>
  );
}

/** In pixels; of a picture only those are made that are smaller than itself. */
const WIDTHS = [160, 320, 640, 960, 1280, 1920];

interface PictureProps {
  readonly image: Product["images"][number] | undefined;
  /** Whether Cloudflare makes smaller ones: without that a browser gets the picture as it is. */
  readonly resizes: boolean;
  /** How wide it is shown, as CSS has it. */
  readonly sizes: string;
  readonly eager?: boolean;
  /** Beside its own name a picture has nothing to add for people who do not see it. */
  readonly decorative?: boolean;
}

/** A product's picture, or a quiet place for one. */
export function Picture(props: PictureProps) {
  const { image, resizes, sizes, eager = false, decorative = false } = props;
  if (image === undefined) return <span class="picture empty" aria-hidden="true" />;
  const smaller = resizes ? { srcset: srcsetOf(image), sizes } : {};
  return (
    <img
      class="picture"
      src={pathOf(image)}
      {...smaller}
      alt={decorative ? "" : image.alt}
      width={image.width}
      height={image.height}
      loading={eager ? "eager" : "lazy"}
      fetchpriority={eager ? "high" : "auto"}
    />
  );
}

/** On the shop's own pages, wherever these are served: their policy lets nothing else in. */
function pathOf({ url }: { readonly url: string }): string {
  return new URL(url).pathname;
}

/** https://developers.cloudflare.com/images/transform-images/transform-via-url/ */
function srcsetOf(image: Product["images"][number]): string {
  const path = pathOf(image);
  const smaller = WIDTHS.filter((width) => width < image.width).map(
    (width) => `/cdn-cgi/image/width=${width},fit=scale-down,format=auto${path} ${width}w`,
  );
  return [...smaller, `${path} ${image.width}w`].join(", ");
}

/** The sentence under a field, which the field names in `aria-describedby`. */
export function FieldError({ id, message }: { id: string; message: string | undefined }) {
  if (message === undefined) return null;
  return (
    <p class="field-error" id={id}>
      {message}
    </p>
  );
}

interface ProblemsProps {
  readonly heading: string;
  readonly errors: FieldErrors;
  /** Field name to the id of its control. */
  readonly targets?: Readonly<Record<string, string>>;
}

/** What went wrong, read out at once, each sentence leading to its field. */
export function Problems({ heading, errors, targets = {} }: ProblemsProps) {
  const entries = Object.entries(errors);
  return (
    <div class="notice problem" role="alert" tabindex={-1} autofocus>
      <p>
        <strong>{heading}</strong>
      </p>
      {entries.length === 0 ? null : (
        <ul>
          {entries.map(([name, sentence]) => (
            <li>
              <a href={`#${targets[name] ?? name}`}>{sentence}</a>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
