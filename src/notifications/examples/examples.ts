import { writeMail } from "../letter/write-mail.ts";
import type { Example } from "./example.ts";
import { WRITTEN, type Written } from "./sample.ts";
import { situationsOf } from "./situations.ts";

/** Every mail in every situation; `written` is what people have written of it. */
export function examplesWith(written: Written): Example[] {
  const envelope = { to: "ada@example.com", shopName: written.shopName };
  return Object.entries(situationsOf(written)).flatMap(([topic, situations]) =>
    situations.map(([when, letter]) => ({ topic, when, mail: writeMail(envelope, letter) })),
  );
}

export const examples: readonly Example[] = examplesWith(WRITTEN);
