import { listProducts, type Product } from "../../catalog/index.ts";
import { AppError } from "../../platform/errors.ts";
import type { ShopSettings } from "../../settings/index.ts";
import type { PageContext } from "../context.ts";
import type { PageHead } from "../design/layout.tsx";
import { availabilityOf, Badge, Picture, PriceFrom } from "../design/parts.tsx";

const PAGE_SIZE = 12;
const MAX_SEARCH_CHARS = 200;
/** Pictures above the fold on a wide screen. */
const EAGER_PICTURES = 3;

const SORTS = {
  newest: "Newest",
  popular: "Popular",
  price: "Lowest price",
  "-price": "Highest price",
} as const;
type Sort = keyof typeof SORTS;

export interface ListQuery {
  readonly q: string | undefined;
  readonly sort: Sort;
  readonly cursor: string | undefined;
}

/** What an address asks for; an order that does not exist is the usual one. */
export function readListQuery(query: Readonly<Record<string, string>>): ListQuery {
  const q = query["q"]?.trim().slice(0, MAX_SEARCH_CHARS);
  const sort = query["sort"];
  const cursor = query["cursor"];
  return {
    q: q === "" ? undefined : q,
    sort: isSort(sort) ? sort : "newest",
    cursor: cursor === "" ? undefined : cursor,
  };
}

function isSort(text: string | undefined): text is Sort {
  return text !== undefined && Object.hasOwn(SORTS, text);
}

function address({ q, sort, cursor }: ListQuery): string {
  const query = new URLSearchParams();
  if (q !== undefined) query.set("q", q);
  if (sort !== "newest") query.set("sort", sort);
  if (cursor !== undefined) query.set("cursor", cursor);
  return query.size === 0 ? "/" : `/?${query}`;
}

/** A page of what was asked for; of everything where only the search does not answer. */
async function find(ctx: PageContext, query: ListQuery) {
  const list = (wanted: ListQuery) => listProducts(ctx, { ...wanted, pageSize: PAGE_SIZE });
  try {
    return { found: await list(query), query, resting: false };
  } catch (error) {
    const unavailable = error instanceof AppError && error.code === "UNAVAILABLE";
    if (query.q === undefined || !unavailable) throw error;
    ctx.log.note("warn", "search_down", error);
    const all = { ...query, q: undefined, cursor: undefined };
    return { found: await list(all), query: all, resting: true };
  }
}

/**
 * The list of products: head and content. `resting` says that it is not the search that was asked for, and only true for
 * the moment. Throws `VALIDATION_FAILED` for a cursor that is none.
 */
export async function productListPage(
  ctx: PageContext,
  asked: ListQuery,
  settings: () => Promise<Pick<ShopSettings, "tagline">>,
) {
  const { found, query, resting } = await find(ctx, asked);
  const { tagline } = await settings();
  const { items, nextCursor } = found;
  const front = asked.q === undefined && asked.cursor === undefined;
  const head: PageHead = {
    title: query.q === undefined ? (tagline ?? "Made in small numbers") : `“${query.q}”`,
    description:
      "Things made in small numbers. Reserve one, and it is held for you for 15 minutes while you pay.",
    ...(front && query.sort === "newest" ? { canonical: "/" } : {}),
    ...(asked.q === undefined ? {} : { search: asked.q }),
  };
  const content = (
    <>
      {resting ? <SearchRests /> : null}
      <Intro query={query} tagline={tagline} />
      {items.length > 1 || query.cursor !== undefined ? <Sorting query={query} /> : null}
      {items.length === 0 ? (
        <Nothing query={query} />
      ) : (
        <Grid products={items} resizes={ctx.config.imageResizing} />
      )}
      <Paging query={query} nextCursor={nextCursor} />
    </>
  );
  return { head, content, resting };
}

function SearchRests() {
  return (
    <p class="notice" role="status">
      The search does not work at the moment. Here is everything there is.
    </p>
  );
}

function Intro({ query, tagline }: { query: ListQuery; tagline: string | null }) {
  if (query.q !== undefined) return <h1 class="results">What we have for “{query.q}”</h1>;
  if (query.cursor !== undefined) return <h1 class="results">More from the shop</h1>;
  return (
    <div class="intro">
      <h1>{tagline ?? "Made in small numbers."}</h1>
      <p class="lead">
        When we say three are left, three are left. Reserve one and it is yours for 15 minutes,
        while you pay in peace.
      </p>
    </div>
  );
}

function Sorting({ query }: { query: ListQuery }) {
  return (
    <nav class="sorting" aria-label="Order of the products">
      {Object.entries(SORTS).map(([sort, words]) => (
        <a
          href={address({ q: query.q, sort: isSort(sort) ? sort : "newest", cursor: undefined })}
          aria-current={sort === query.sort ? "true" : undefined}
        >
          {words}
        </a>
      ))}
    </nav>
  );
}

function Grid({ products, resizes }: { products: readonly Product[]; resizes: boolean }) {
  return (
    <ul class="grid">
      {products.map((product, i) => (
        <Card product={product} resizes={resizes} eager={i < EAGER_PICTURES} />
      ))}
    </ul>
  );
}

interface CardProps {
  readonly product: Product;
  readonly resizes: boolean;
  readonly eager: boolean;
}

function Card({ product, resizes, eager }: CardProps) {
  const availability = availabilityOf(product);
  return (
    <li class={`card ${availability}`}>
      <div class="frame">
        <Picture
          image={product.images[0]}
          resizes={resizes}
          sizes="(min-width: 60rem) 22rem, 50vw"
          eager={eager}
          decorative
        />
      </div>
      <h2>
        <a href={`/products/${product.slug}`}>{product.title}</a>
      </h2>
      <p>
        <PriceFrom variants={product.variants} />
        <Badge availability={availability} />
      </p>
    </li>
  );
}

function Nothing({ query }: { query: ListQuery }) {
  return (
    <div class="nothing">
      <p class="lead">
        {query.q === undefined
          ? "There is nothing more here."
          : `We have nothing for “${query.q}” at the moment.`}
      </p>
      <p>
        <a class="button" href="/">
          See everything there is
        </a>
      </p>
    </div>
  );
}

function Paging({ query, nextCursor }: { query: ListQuery; nextCursor: string | null }) {
  const further = query.cursor !== undefined;
  if (nextCursor === null && !further) return null;
  return (
    <nav class="paging" aria-label="Pages">
      {further ? <a href={address({ ...query, cursor: undefined })}>Back to the start</a> : null}
      {nextCursor === null ? null : (
        <a class="button" rel="next" href={address({ ...query, cursor: nextCursor })}>
          Show more
        </a>
      )}
    </nav>
  );
}
