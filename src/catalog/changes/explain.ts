import type { Context } from "../../platform/context.ts";
import { byRefusal, refusedBy } from "../../platform/db.ts";
import { AppError, invalidField, notFound } from "../../platform/errors.ts";
import { MAX_IMAGES } from "../image.ts";
import { MAX_LINE_CHARS } from "../product.ts";
import { MAX_VARIANTS } from "../variant.ts";
import { findChanged } from "./store.ts";

/** What the audit line runs into for what is not there, or not what the caller has seen. */
const NOT_AS_SEEN = "audit_log.target";

/** What a change was about, as people call it, and where it is. */
interface About {
  readonly what: "product" | "variant" | "image";
  readonly id: string;
  /** The slug that was sent. */
  readonly slug?: string | undefined;
  /** The SKU, where it was one. */
  readonly sku?: string | undefined;
}

/** Why the database has refused a change of the catalog; undefined for what is no answer to a client. */
export async function explainChange(
  ctx: Context,
  error: unknown,
  about: About,
): Promise<AppError | undefined> {
  if (!refusedBy(error, NOT_AS_SEEN)) return explainCatalog(error, about);
  const { what, id } = about;
  const [known] = await ctx.db.run(findChanged(`${what}s`, id));
  if (known === undefined) return notFound(what);
  return new AppError(
    "PRECONDITION_FAILED",
    "The product has changed since you read it. Read it again.",
  );
}

/** The same for what was not there before. */
export function explainCatalog(
  error: unknown,
  { slug = "", sku }: Pick<About, "slug" | "sku">,
): AppError | undefined {
  return byRefusal(error, {
    "products.slug": () =>
      new AppError("CONFLICT", `Another product already has the slug "${slug}".`, {
        fields: { slug: "Is taken." },
      }),
    "variants.sku": () =>
      sku === undefined
        ? new AppError("CONFLICT", "Another variant already has one of these SKUs.", {
            fields: { variants: "Has a SKU that is taken." },
          })
        : new AppError("CONFLICT", `Another variant already has the SKU "${sku}".`, {
            fields: { sku: "Is taken." },
          }),
    products_window: () => invalidField("closesAt", "Must be later than opensAt."),
    product_one_currency: () =>
      invalidField("price.currency", "All variants of a product have one currency."),
    product_has_too_many_variants: () =>
      new AppError(
        "BUSINESS_RULE_VIOLATION",
        `A product has at most ${MAX_VARIANTS} variants. Archive one first.`,
      ),
    product_needs_a_variant: () =>
      new AppError(
        "BUSINESS_RULE_VIOLATION",
        "This is the last variant of its product. Archive the product, or add another variant first.",
      ),
    product_has_too_many_images: () =>
      new AppError(
        "BUSINESS_RULE_VIOLATION",
        `A product has at most ${MAX_IMAGES} pictures. Delete one first.`,
      ),
    line_name_too_long: () =>
      invalidField(
        "title",
        `With the other title and “ · ” between them it must be at most ${MAX_LINE_CHARS} characters.`,
      ),
  })?.();
}
