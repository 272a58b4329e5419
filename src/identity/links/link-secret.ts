import { randomText } from "../secrets.ts";

const PREFIX = "link_";

/** The secret of a link that is made without TOKEN_SECRET, as `npm run admin` must: random, and kept as a hash only. */
export function newLinkSecret(): string {
  return `${PREFIX}${randomText()}`;
}

/** Whether a link's secret has to be looked up by its hash. */
export function isLinkSecret(token: string): boolean {
  return token.startsWith(PREFIX);
}
