import { cameAt, numbers, type Scale, type Step } from "./step.ts";

const PAGE_OF_WORDS =
  "'Made in small batches by one workshop: number ' || i || ' of its kind. It keeps for years, mends easily and comes back next season if enough people ask for it.'";

const product = (column: string) => `printf('prod_bench%07d', ${column})`;

/** Products, of which most are for sale, each with a picture and two variants. */
const products: Step = {
  words: "products",
  count: ({ products: count }) => count,
  statements: (scale, from, to) => [
    `${numbers(from, to)} INSERT INTO products (id, slug, title, description, status, price_from, created_at, updated_at)
     SELECT ${product("i")}, printf('thing-%07d', i), 'Thing number ' || i, ${PAGE_OF_WORDS},
       CASE WHEN i % 50 = 0 THEN 'draft' WHEN i % 25 = 0 THEN 'archived' ELSE 'active' END,
       500 + mix(i, 1) % 9000, ${cameAt(scale, scale.products)}, ${cameAt(scale, scale.products)} FROM n`,
    `${numbers(from, to)} INSERT INTO image_objects (key, width, height, bytes, uses, touched_at)
     SELECT printf('%064x.webp', i), 800, 800, 20000, 1, 1 FROM n`,
    `${numbers(from, to)} INSERT INTO product_images (id, product_id, key, alt, position)
     SELECT printf('img_bench%07d', i), ${product("i")}, printf('%064x.webp', i), 'A thing', 0 FROM n`,
  ],
};

/** Numbers from 0: variant `v` is of product `v / 2 + 1`. */
const variants: Step = {
  words: "variants",
  count: ({ variants: count }) => count,
  statements: (scale, from, to) => [
    `${numbers(from, to)} INSERT INTO variants (id, product_id, sku, title, amount, currency, position, created_at, updated_at)
     SELECT printf('var_bench%07d', i - 1), ${product("(i - 1) / 2 + 1")}, printf('SKU-%07d', i - 1), iif(i % 2 = 1, 'Small', 'Large'),
       500 + mix((i - 1) / 2 + 1, 1) % 9000 + (i - 1) % 2 * 300, 'EUR', (i - 1) % 2, ${startOf(scale)}, ${startOf(scale)} FROM n`,
    `${numbers(from, to)} INSERT INTO stock_levels (sku, updated_at)
     SELECT printf('SKU-%07d', i - 1), ${startOf(scale)} FROM n`,
  ],
};

const startOf = ({ now }: Scale) => String(now - 2 * 366 * 86_400_000);

/** Accounts with one user each, and where some of them are signed in. Nobody can: they have no password. */
const customers: Step = {
  words: "customers",
  count: ({ customers: count }) => count,
  statements: (scale, from, to) => [
    `${numbers(from, to)} INSERT INTO accounts (id, name, created_at)
     SELECT printf('acc_bench%07d', i), 'Customer ' || i, ${cameAt(scale, scale.customers)} FROM n`,
    `${numbers(from, to)} INSERT INTO users (id, account_id, email, name, role, email_verified_at, created_at, updated_at)
     SELECT printf('usr_bench%07d', i), printf('acc_bench%07d', i), printf('customer%07d@example.com', i), 'Customer ' || i, 'customer',
       ${cameAt(scale, scale.customers)}, ${cameAt(scale, scale.customers)}, ${cameAt(scale, scale.customers)} FROM n`,
    `${numbers(from, to)} INSERT INTO sessions (id, user_id, kind, user_agent, address, created_at, last_used_at, expires_at)
     SELECT printf('ses_bench%07d', i), printf('usr_bench%07d', i), 'browser', 'Mozilla/5.0', '203.0.113.7',
       ${scale.now - 86_400_000}, ${scale.now - 3_600_000}, ${scale.now + 30 * 86_400_000} FROM n WHERE i % 5 = 0`,
  ],
};

/** Codes that orders were bought with; how often is counted at the end. */
const discounts: Step = {
  words: "discount codes",
  count: () => 20,
  statements: (scale, from, to) => [
    `${numbers(from, to)} INSERT INTO discounts (id, code, kind, amount, currency, created_at, updated_at)
     SELECT printf('dsc_bench%02d', i - 1), printf('BENCH%02d', i - 1), 'fixed', 100, 'EUR', ${startOf(scale)}, ${startOf(scale)} FROM n`,
  ],
};

export const SHELF: readonly Step[] = [products, variants, customers, discounts];
