/** Limits: https://docs.stripe.com/api/metadata. The other keys are ours, too. */
const MAX_VALUE_CHARS = 500;
const MAX_PARTS = 40;
const KEY = "memo";

/** A text of ours in parts that fit into an object's metadata; nothing where it is too long. */
export function memoMetadata(memo: string): Record<string, string> {
  const parts = Math.ceil(memo.length / MAX_VALUE_CHARS);
  if (parts > MAX_PARTS) return {};
  return Object.fromEntries(
    Array.from({ length: parts }, (_, i) => [
      `${KEY}${i + 1}`,
      memo.slice(i * MAX_VALUE_CHARS, (i + 1) * MAX_VALUE_CHARS),
    ]),
  );
}

/** The text again; null for what has none. */
export function memoOf(metadata: Readonly<Record<string, string>> | null): string | null {
  let memo = "";
  for (let i = 1; i <= MAX_PARTS; i += 1) {
    const part = metadata?.[`${KEY}${i}`];
    if (part === undefined) break;
    memo += part;
  }
  return memo === "" ? null : memo;
}
