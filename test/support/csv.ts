import { type Answer, call } from "./http.ts";
import type { Json } from "./json.ts";
import { asAdmin, theAdmin } from "./people.ts";
import { settle } from "./world.ts";

export const PRODUCTS = "slug,title,sku,variantTitle,price,currency";

/** A file of products with one new one. */
export const newLine = (sku: string) =>
  `${PRODUCTS}\n${sku.toLowerCase()},Title of ${sku},${sku},One,25.00,EUR\n`;

/** Sends a file. */
export function send(kind: string, text: string, query = ""): Promise<Answer> {
  const headers = { "Content-Type": "text/csv" };
  return asAdmin("POST", `/api/v1/imports/${kind}${query}`, { body: text, headers });
}

export const jobNow = async (id: string): Promise<Json> =>
  (await asAdmin("GET", `/api/v1/jobs/${id}`)).body.data;

/** What becomes of a job when the queue has done all of it. */
export async function endOf({ status, text, body }: Answer): Promise<Json> {
  if (status !== 202) throw new Error(text);
  await settle();
  return jobNow(body.data.id);
}

export const imported = async (kind: string, text: string) => endOf(await send(kind, text));
export const dryRun = async (kind: string, text: string) =>
  endOf(await send(kind, text, "?dryRun=true"));
export const exported = async (list: string) =>
  endOf(await asAdmin("POST", `/api/v1/exports/${list}`));

/** The text of an export, with all that it begins with. */
export async function fileOf({ id }: { readonly id: string }): Promise<string> {
  const { accessToken } = await theAdmin();
  const headers = { Authorization: `Bearer ${accessToken}` };
  const { status, text } = await call("GET", `/api/v1/jobs/${id}/file`, { headers });
  if (status !== 200) throw new Error(text);
  return text;
}

/** An export of orders that is done. */
export const ordersExported = () => exported("orders");
