/** Any origin will do: it only shows whether an address leads away from it. */
const HERE = "https://here.invalid";
const HOME = "/account";
/** Pages that nobody wants to come back to once they are signed in. */
const ON_THE_WAY =
  /^\/(sign-in|sign-out|register|forgot-password|reset-password|api|webhooks)(\/|$)/;

/**
 * A path of this shop out of what an address or a form said, or undefined. Browsers read `//host`, `/\host` and
 * `/<tab>/host` as another site, so it is parsed as they do, and what comes out is looked at again.
 */
export function localPath(text: string | undefined): string | undefined {
  if (text === undefined || !text.startsWith("/") || !URL.canParse(text, HERE)) return undefined;
  const { origin, pathname, search } = new URL(text, HERE);
  if (origin !== HERE || pathname.startsWith("//") || ON_THE_WAY.test(pathname)) return undefined;
  return pathname + search;
}

/** Where to go after signing in. */
export function afterSignIn(next: string | undefined): string {
  return localPath(next) ?? HOME;
}

export function signInAddress(next: string | undefined, page = "/sign-in"): string {
  const path = localPath(next);
  if (path === undefined || path === HOME) return page;
  return `${page}?${new URLSearchParams({ next: path })}`;
}
