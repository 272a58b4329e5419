/** Form text that the types of the SDK would not let through. */
export function form(fields: Record<string, string>, without: string[] = []): string {
  const good = {
    mode: "payment",
    success_url: "https://shop.test/ok",
    "line_items[0][quantity]": "1",
    "line_items[0][price_data][currency]": "usd",
    "line_items[0][price_data][unit_amount]": "1000",
    "line_items[0][price_data][product_data][name]": "Mug",
    ...fields,
  };
  const kept = Object.entries(good).filter(([name]) => !without.includes(name));
  return new URLSearchParams(kept).toString();
}

export async function post(url: string, body: string, headers: Record<string, string> = {}) {
  const response = await fetch(`${url}/v1/checkout/sessions`, {
    method: "POST",
    body,
    headers: {
      Authorization: "Bearer sk_test_shop",
      "Content-Type": "application/x-www-form-urlencoded",
      ...headers,
    },
  });
  const parsed: { error?: { type: string; code?: string; param?: string; message: string } } =
    await response.json();
  return { status: response.status, headers: response.headers, error: parsed.error };
}
