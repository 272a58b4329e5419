/** A payment page that somebody with access to Stripe has made beside the shop, or another shop; answers its address. */
export async function pageByHand(
  reference: string,
  params: Record<string, string> = {},
): Promise<string> {
  const response = await fetch("http://stripe.test/v1/checkout/sessions", {
    method: "POST",
    headers: { Authorization: "Bearer sk_test_holdfast" },
    body: new URLSearchParams({
      mode: "payment",
      client_reference_id: reference,
      success_url: "https://storefront.test/thanks",
      "line_items[0][quantity]": "1",
      "line_items[0][price_data][currency]": "usd",
      "line_items[0][price_data][unit_amount]": "2500",
      "line_items[0][price_data][product_data][name]": "Something",
      ...params,
    }),
  });
  const { url } = (await response.json()) as { url: string };
  return url;
}
