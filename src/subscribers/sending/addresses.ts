/** An IPv4 block: its first address as a number, and how many of its bits are the block's. */
type Block = readonly [first: number, bits: number];

const v4 = (text: string) => text.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);

/** What is not the internet's, or nobody's. https://www.iana.org/assignments/iana-ipv4-special-registry */
const NOT_PUBLIC_V4: readonly Block[] = [
  "0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24",
  "192.0.2.0/24 192.88.99.0/24 192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24",
  "224.0.0.0/4 240.0.0.0/4",
].flatMap((line) => line.split(" ").map(blockOf));

function blockOf(text: string): Block {
  const [first = "", bits] = text.split("/");
  return [v4(first), Number(bits)];
}

const V4 = /^\d{1,3}(\.\d{1,3}){3}$/;

/** Whether an address, as a resolver writes it, is one that everybody on the internet may reach. Anything strange is not. */
export function isPublicAddress(text: string): boolean {
  return text.includes(":") ? isPublicV6(text) : isPublicV4(text);
}

function isPublicV4(text: string): boolean {
  if (!V4.test(text) || text.split(".").some((part) => Number(part) > 255)) return false;
  const address = v4(text);
  return !NOT_PUBLIC_V4.some(
    ([first, bits]) => Math.floor(address / 2 ** (32 - bits)) === first / 2 ** (32 - bits),
  );
}

/**
 * Of IPv6 only what is given out at all (2000::/3), without what leads to IPv4 by a way round (Teredo and others in
 * 2001::/23, 6to4 in 2002::/16) and what books have in them. https://www.iana.org/assignments/iana-ipv6-special-registry
 */
function isPublicV6(text: string): boolean {
  const groups = groupsOf(text);
  if (groups === undefined) return false;
  const [first = 0, second = 0] = groups;
  if (first < 0x2000 || first > 0x3fff) return false;
  if (first === 0x2001 && (second < 0x200 || second === 0xdb8)) return false;
  return first !== 0x2002 && !(first === 0x3fff && second < 0x1000);
}

/** The eight groups of an IPv6 address; the URL parser knows every spelling. */
function groupsOf(text: string): readonly number[] | undefined {
  const host = URL.parse(`http://[${text}]/`)?.hostname.slice(1, -1);
  if (host === undefined) return undefined;
  const [head = "", tail] = host.split("::");
  const parts = (side: string) =>
    side === "" ? [] : side.split(":").map((one) => Number.parseInt(one, 16));
  if (tail === undefined) return parts(head);
  const before = parts(head);
  const after = parts(tail);
  return [...before, ...Array<number>(8 - before.length - after.length).fill(0), ...after];
}
