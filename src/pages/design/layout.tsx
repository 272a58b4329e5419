import type { Child, PropsWithChildren } from "hono/jsx";
import type { Person } from "../../identity/index.ts";
import { signInAddress } from "../local-path.ts";

/** What a page says about itself to browsers and search engines. */
export interface PageHead {
  readonly title: string;
  readonly description: string;
  /** The one address of a page that may be found by search engines; without it the page may not. */
  readonly canonical?: string;
  /** Ask again after so many seconds; only where no script does it better. */
  readonly refreshSeconds?: number;
  readonly search?: string;
  /** Nothing on it moves: it needs no script. */
  readonly still?: true;
}

export interface Shop {
  readonly shopName: string;
  readonly publicUrl: string;
}

function Head({ shop, head }: { shop: Shop; head: PageHead }) {
  const { canonical, refreshSeconds } = head;
  return (
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <title>{`${head.title} · ${shop.shopName}`}</title>
      <meta name="description" content={head.description} />
      {canonical === undefined ? (
        <meta name="robots" content="noindex" />
      ) : (
        <link rel="canonical" href={shop.publicUrl + canonical} />
      )}
      <meta name="color-scheme" content="light dark" />
      <meta name="theme-color" content="#fbf6ec" media="(prefers-color-scheme: light)" />
      <meta name="theme-color" content="#1c1714" media="(prefers-color-scheme: dark)" />
      {refreshSeconds === undefined ? null : (
        <noscript>
          <meta http-equiv="refresh" content={String(refreshSeconds)} />
        </noscript>
      )}
      <link rel="icon" href="/icon.svg" type="image/svg+xml" />
      <link rel="stylesheet" href="/style.css" />
      {head.still === true ? null : <script src="/shop.js" defer />}
    </head>
  );
}

/** Everything about a page but its content. */
export interface Frame {
  readonly shop: Shop;
  readonly head: PageHead;
  readonly person: Person | undefined;
  /** Where the page is, to come back to after signing in. */
  readonly address?: string | undefined;
}

function Header({ shop: { shopName }, head: { search }, person, address }: Frame) {
  return (
    <header class="top">
      <a class="brand" href="/">
        <img src="/icon.svg" alt="" width="36" height="36" />
        <span>{shopName}</span>
      </a>
      <search>
        <form class="search" action="/" method="get">
          <label class="hidden" for="q">
            Search the shop
          </label>
          <input
            id="q"
            name="q"
            type="search"
            maxlength={200}
            value={search}
            placeholder="Search"
          />
          <button type="submit">Search</button>
        </form>
      </search>
      <nav class="who" aria-label="Your account">
        {person === undefined ? (
          <a href={signInAddress(address)}>Sign in</a>
        ) : (
          <a href="/account" title="Your account">
            {person.name}
          </a>
        )}
      </nav>
    </header>
  );
}

function Footer({ shopName }: { shopName: string }) {
  return (
    <footer class="bottom">
      <p>
        <strong>{shopName}</strong> sells what it has, and nothing else. What you reserve is yours
        for 15 minutes.
      </p>
      <nav aria-label="About this shop">
        <a href="/">All products</a>
        <a href="/docs">For developers: the API</a>
      </nav>
    </footer>
  );
}

function Document({ frame, children }: PropsWithChildren<{ frame: Frame }>) {
  const { shop, head } = frame;
  return (
    <html lang="en">
      <Head shop={shop} head={head} />
      <body>
        <a class="skip" href="#main">
          Skip to the content
        </a>
        <Header {...frame} />
        <main id="main" tabindex={-1}>
          {children}
        </main>
        <Footer shopName={shop.shopName} />
      </body>
    </html>
  );
}

/** A whole page as HTML text. */
export function renderDocument(frame: Frame, content: Child): string {
  const document = <Document frame={frame}>{content}</Document>;
  // No component of the pages is asynchronous, so this is text and never a promise.
  return `<!doctype html>${document.toString()}`;
}
