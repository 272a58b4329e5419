import * as z from "zod";
import { isPublicAddress } from "./addresses.ts";

const RESOLVER = "https://cloudflare-dns.com";
const TYPES = ["A", "AAAA"] as const;
const ADDRESS_TYPES = new Set([1, 28]);
const NAME_ERROR = 3;

const answerSchema = z.object({
  Status: z.int(),
  Answer: z.array(z.object({ type: z.int(), data: z.string() })).optional(),
});

/** An event cannot be sent there, for a reason that is shown to operators. */
export class NotSent extends Error {
  override readonly name = "NotSent";
}

interface Asking {
  readonly resolver: string | undefined;
  readonly signal: AbortSignal;
}

/**
 * Makes sure that a host name leads to the internet and nowhere else, by DNS over HTTPS. Throws `NotSent` for one that
 * leads to nothing, or to any address that is private. https://developers.cloudflare.com/1.1.1.1/encryption/dns-over-https/make-api-requests/dns-json/
 */
export async function requirePublicHost(host: string, asking: Asking): Promise<void> {
  const addresses: string[] = [];
  // One after the other: a delivery never has more than one of the six connections of its invocation.
  for (const type of TYPES) addresses.push(...(await addressesOf(host, type, asking)));
  if (addresses.length === 0) throw new NotSent("There is no address for this host name.");
  if (!addresses.every(isPublicAddress))
    throw new NotSent("This host name leads to a private address.");
}

async function addressesOf(
  host: string,
  type: (typeof TYPES)[number],
  { resolver = RESOLVER, signal }: Asking,
): Promise<string[]> {
  const url = `${resolver}/dns-query?name=${encodeURIComponent(host)}&type=${type}`;
  const response = await fetch(url, { headers: { Accept: "application/dns-json" }, signal });
  const read = answerSchema.safeParse(await response.json().catch(() => undefined));
  if (!response.ok || !read.success) throw new NotSent("The host name could not be looked up.");
  const { Status: status, Answer: answer = [] } = read.data;
  if (status !== 0 && status !== NAME_ERROR)
    throw new NotSent("The host name could not be looked up.");
  return answer.filter(({ type: one }) => ADDRESS_TYPES.has(one)).map(({ data }) => data);
}
