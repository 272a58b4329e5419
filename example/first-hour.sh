#!/usr/bin/env bash
# A seller's first hour, by curl: a product with two variants and three pictures, published to open in one minute,
# bought ten times, found by its words, sent in one call, exported as CSV; and what a webhook receiver was told of it.
#
#   npm run dev                                   in another terminal; it prints the API key
#   KEY=hf_… bash example/first-hour.sh           SHOP is http://localhost:8787 unless you say otherwise
#   STEPS=quick … opens in five seconds instead of a minute
set -euo pipefail
cd "$(dirname "$0")/.."

SHOP=${SHOP:-http://localhost:8787}
KEY=${KEY:?the API key that npm run dev prints}
WAIT=60
[ "${STEPS:-}" = quick ] && WAIT=5
TMP=$(mktemp -d)
trap 'kill $(jobs -p) 2>/dev/null || true; rm -rf "$TMP"' EXIT

step() { printf '\n\033[1m%s\033[0m\n' "$*"; }
fail() { printf 'FAILED: %s\n' "$*" >&2; exit 1; }
# The value at a path of the JSON that comes in: get data.id
get() { node -e 'const at = process.argv[1].split("."); let v = JSON.parse(require("fs").readFileSync(0)); for (const k of at) v = v?.[k]; if (v === undefined) process.exit(1); console.log(typeof v === "object" ? JSON.stringify(v) : v)' "$1"; }
# METHOD PATH [curl's options …]: the answer's body; ends the script when it is an error.
api() {
  local method=$1 path=$2
  shift 2
  local status
  status=$(curl -sS -o "$TMP/body" -D "$TMP/headers" -w '%{http_code}' -X "$method" "$SHOP/api/v1$path" \
    -H "Authorization: Bearer $KEY" -H "Idempotency-Key: $(node -p 'crypto.randomUUID()')" "$@")
  [ "$status" -lt 400 ] || fail "$method $path: $status $(cat "$TMP/body")"
  cat "$TMP/body"
}
json() { api "$1" "$2" -H 'Content-Type: application/json' -d "$3"; }
# The same as anybody, with the status in front: guest POST /reservations '{…}'
guest() {
  curl -sS -w '\n%{http_code}' -X "$1" "$SHOP/api/v1$2" -H 'Content-Type: application/json' \
    -H "Idempotency-Key: $(node -p 'crypto.randomUUID()')" -d "$3"
}

step '1. A receiver of webhooks, in example/webhook-receiver.mjs'
RECEIVER=${RECEIVER:-9400}
ENDPOINT=$(json POST /webhook-endpoints "{ \"url\": \"http://localhost:$RECEIVER/shop\", \"events\": [\"order.paid\", \"order.fulfilled\", \"inventory.low\"] }")
WEBHOOK_SECRET=$(get data.secret <<<"$ENDPOINT") PORT=$RECEIVER node example/webhook-receiver.mjs >"$TMP/received" &
echo "endpoint $(get data.id <<<"$ENDPOINT")"

step "2. A product with two variants, published, to open in $WAIT seconds"
MARK=$(date +%s)
OPENS=$(node -p "new Date(Date.now() + $WAIT * 1000).toISOString()")
PRODUCT=$(json POST /products "{ \"title\": \"Harbour mugs $MARK\", \"description\": \"Stoneware, glazed by hand.\", \"status\": \"active\", \"opensAt\": \"$OPENS\", \"variants\": [
  { \"sku\": \"MUG-$MARK-S\", \"title\": \"Small\", \"price\": { \"amount\": 1800, \"currency\": \"EUR\" }, \"initialStock\": 12, \"maxPerOrder\": 2 },
  { \"sku\": \"MUG-$MARK-L\", \"title\": \"Large\", \"price\": { \"amount\": 2400, \"currency\": \"EUR\" }, \"initialStock\": 8, \"maxPerOrder\": 2 }] }")
ID=$(get data.id <<<"$PRODUCT")
echo "$SHOP/products/$(get data.slug <<<"$PRODUCT")"

step '3. Three pictures'
for name in moon-jar fermentation-crock harbour-blanket; do
  api POST "/products/$ID/images" -F "file=@scripts/seed/pictures/$name.webp" -F "alt=The mugs beside a $name" | get data.url
done

step '4. A hold before it opens is refused, with the time'
EARLY=$(guest POST /reservations "{ \"items\": [{ \"sku\": \"MUG-$MARK-S\", \"quantity\": 1 }] }")
[ "$(tail -1 <<<"$EARLY")" = 409 ] || fail "a hold before it opens: $EARLY"
head -1 <<<"$EARLY" | get error.message
LEFT=$(node -p "Math.max(0, Math.ceil((Date.parse('$OPENS') - Date.now()) / 1000) + 1)")
echo "… $LEFT seconds"
sleep "$LEFT"

step '5. Ten orders, paid on the emulated payment page'
ORDERS=()
for i in 0 1 2 3 4 5 6 7 8 9; do
  SIZE=$([ $((i % 2)) = 0 ] && echo S || echo L)
  SOLD=$(guest POST /checkouts "{ \"items\": [{ \"sku\": \"MUG-$MARK-$SIZE\", \"quantity\": 1 }], \"email\": \"ada$i@example.com\",
    \"shippingAddress\": { \"name\": \"Ada Nr. $i\", \"line1\": \"Quay $i\", \"city\": \"Hamburg\", \"postalCode\": \"20457\", \"country\": \"DE\" },
    \"successUrl\": \"$SHOP/\", \"cancelUrl\": \"$SHOP/\" }" | head -1)
  ORDERS+=("$(get data.orderId <<<"$SOLD")") || fail "$SOLD"
  curl -sS -o /dev/null -X POST "$(get data.paymentUrl <<<"$SOLD")" -d action=pay
done
for id in "${ORDERS[@]}"; do
  for _ in $(seq 50); do
    STATUS=$(api GET "/orders/$id" | get data.status)
    [ "$STATUS" = paid ] && break
    sleep 0.2
  done
  [ "$STATUS" = paid ] || fail "$id is $STATUS"
done
echo "$(api GET "/orders/${ORDERS[0]}" | get data.number) and nine others are paid"

step '6. Found by its words: shoppers look for "mug", staff for a name'
for _ in $(seq 50); do
  api GET "/products?q=mug+$MARK" | get data.0.title && break
  sleep 0.2
done
for _ in $(seq 50); do
  FOUND=$(api GET '/orders?q=ada+nr+7' | get data.0.number 2>/dev/null) && break
  sleep 0.2
done
echo "order ${FOUND:?nobody found the order}"

step '7. All ten sent in one call'
LINES=$(printf ',{ "id": "%s", "carrier": "DHL", "trackingNumber": "JD0146%s" }' $(for id in "${ORDERS[@]}"; do echo "$id $RANDOM"; done))
json POST /fulfillments "{ \"orders\": [${LINES:1}] }" | node -e '
  for (const line of JSON.parse(require("fs").readFileSync(0)).data)
    console.log(line.id, line.error ? line.error.message : line.fulfillmentStatus ?? "sent");'

step '8. The orders of the small ones as CSV'
JOB=$(api POST "/exports/orders?sku=MUG-$MARK-S" | get data.id)
for _ in $(seq 100); do
  STATUS=$(api GET "/jobs/$JOB" | get data.status)
  [ "$STATUS" = succeeded ] && break
  [ "$STATUS" = failed ] && fail "$(cat "$TMP/body")"
  sleep 0.2
done
api GET "/jobs/$JOB/file"

step '9. What the receiver was told'
for _ in $(seq 100); do
  [ "$(grep -c 'order.fulfilled' "$TMP/received")" -ge 10 ] && break
  sleep 0.2
done
cat "$TMP/received"
[ "$(grep -c 'order.fulfilled' "$TMP/received")" -ge 10 ] || fail 'the receiver was not told of all ten'
