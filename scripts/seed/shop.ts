import type { SeedProduct } from "./seed.ts";

/** What a freshly seeded shop sells: a small workshop by the sea that makes few of each thing. */
export const SHOP: readonly SeedProduct[] = [
  {
    slug: "gesha-lot-17",
    title: "Gesha Lot 17",
    description:
      "One lot of washed Gesha from a single hillside in Huila, roasted light in 12 kg batches. Jasmine, bergamot and a long honeyed finish. We bought 60 kg and there will not be a second delivery this year.",
    image:
      "A tall ink-blue coffee bag with a picture of a sun over hills, and roasted beans beside it",
    daysAgo: 1,
    currency: "USD",
    variants: [
      { sku: "GESHA-17-BEAN-250", title: "Whole bean, 250 g", amount: 2800, stock: 64 },
      { sku: "GESHA-17-FILTER-250", title: "Ground for filter, 250 g", amount: 2800, stock: 22 },
      { sku: "GESHA-17-BEAN-1000", title: "Whole bean, 1 kg", amount: 9900, stock: 3 },
    ],
  },
  {
    slug: "tide-mug",
    title: "Tide Mug",
    description:
      "A 300 ml stoneware mug, thrown by hand and dipped once, so that the glaze line is different on every piece. It is safe in the dishwasher and sits well in a cold hand. Two of the three glazes are gone until the next firing.",
    image: "A speckled cream mug, dipped in terracotta glaze with a wave-shaped edge, steaming",
    daysAgo: 3,
    currency: "EUR",
    variants: [
      { sku: "TIDE-MUG-CHALK", title: "Chalk", amount: 3400, stock: 0 },
      { sku: "TIDE-MUG-KELP", title: "Kelp", amount: 3400, stock: 0 },
      { sku: "TIDE-MUG-RUST", title: "Rust", amount: 3400, stock: 11 },
    ],
  },
  {
    slug: "santoku-165",
    title: "Santoku 165",
    description:
      "A kitchen knife with a 165 mm blade of Shirogami #2 carbon steel, forged and ground by one smith in Sakai. Carbon steel stains if it stays wet, and takes an edge that stainless never will. Each blade is numbered on the spine.",
    image:
      "A santoku knife with a walnut handle lying on a round wooden board beside slices of radish",
    daysAgo: 5,
    currency: "JPY",
    variants: [
      { sku: "SANTOKU-165-WALNUT", title: "Walnut handle", amount: 24_800, stock: 3 },
      { sku: "SANTOKU-165-MAGNOLIA", title: "Magnolia handle", amount: 22_500, stock: 6 },
    ],
  },
  {
    slug: "sourdough-saturday",
    title: "Sourdough Saturday",
    description:
      "A day at the big table: mix, fold, shape, bake, and eat what you made. Eight seats, two ovens, flour to your elbows. You take home two loaves, a jar of our starter and the timetable we use ourselves.",
    image: "A loaf of sourdough with a scored crust on a wooden board, and an ear of wheat",
    requiresShipping: false,
    daysAgo: 8,
    currency: "EUR",
    variants: [
      { sku: "SOURDOUGH-MARCH", title: "Second Saturday of March", amount: 12_500, stock: 0 },
      { sku: "SOURDOUGH-APRIL", title: "Second Saturday of April", amount: 12_500, stock: 2 },
      { sku: "SOURDOUGH-MAY", title: "Second Saturday of May", amount: 12_500, stock: 8 },
    ],
  },
  {
    slug: "undertow-lp",
    title: "Undertow LP",
    description:
      "Nine slow songs for cello and tape loops, recorded in the boathouse with the doors open. Pressed once on 180 g vinyl, 300 copies, cut at 45 rpm. The marbled copies were mixed by hand at the plant, so no two look alike.",
    image: "A black vinyl record with an ochre label sliding out of a sleeve printed with waves",
    daysAgo: 11,
    currency: "USD",
    variants: [
      { sku: "UNDERTOW-LP-BLACK", title: "Black vinyl", amount: 3200, stock: 140 },
      { sku: "UNDERTOW-LP-MARBLED", title: "Marbled vinyl", amount: 3900, stock: 4 },
    ],
  },
  {
    slug: "lighthouse-linocut",
    title: "The Keeper's Light",
    description:
      "A linocut in two colours, printed by hand on 300 g cotton paper. Editions of 40 in the small size and 15 in the large, each signed and numbered in pencil. It is sent flat and without the frame.",
    image: "A framed print of a lighthouse throwing its beam over dark waves",
    daysAgo: 13,
    currency: "GBP",
    variants: [
      { sku: "LINO-KEEPER-A4", title: "A4, edition of 40", amount: 6500, stock: 17 },
      { sku: "LINO-KEEPER-A3", title: "A3, edition of 15", amount: 14_000, stock: 0 },
    ],
  },
  {
    slug: "fermentation-crock",
    title: "Fermentation Crock",
    description:
      "Salt-glazed stoneware with a water channel in the rim: gas gets out, air stays out, and the cellar does not smell of cabbage. It comes with two weighting stones and a card with our sauerkraut. The lid is fired with its own pot and fits no other.",
    image:
      "A brown and cream stoneware crock with a knobbed lid and two handles, next to a cabbage",
    daysAgo: 16,
    currency: "EUR",
    variants: [
      { sku: "CROCK-3L", title: "3 litres", amount: 7900, stock: 26 },
      { sku: "CROCK-5L", title: "5 litres", amount: 9800, stock: 9 },
      { sku: "CROCK-10L", title: "10 litres", amount: 14_500, stock: 3 },
    ],
  },
  {
    slug: "moon-jar",
    title: "Moon Jar",
    description:
      "Two bowls joined at the belly, the Korean way, with the seam left to show a little. White porcelain, 28 cm high, fired with wood for three days. This kiln load gave us three good ones.",
    image: "A round white porcelain jar holding a branch with leaves and red berries",
    daysAgo: 20,
    currency: "JPY",
    variants: [{ sku: "MOON-JAR-28", title: "28 cm", amount: 68_000, stock: 3 }],
  },
  {
    slug: "harbour-blanket",
    title: "Harbour Blanket",
    description:
      "Woven on a loom from 1931 out of undyed and plant-dyed wool from the two farms up the road. Heavy enough for a porch in October, and it softens with each winter. 140 by 190 cm, with hand-knotted fringes.",
    image: "A striped wool blanket with fringes hanging over the rung of a wooden ladder",
    daysAgo: 24,
    currency: "GBP",
    variants: [
      { sku: "BLANKET-HARBOUR-RUST", title: "Rust stripe", amount: 18_500, stock: 7 },
      { sku: "BLANKET-HARBOUR-MOSS", title: "Moss stripe", amount: 18_500, stock: 5 },
    ],
  },
  {
    slug: "beeswax-candles",
    title: "Beeswax Candles",
    description:
      "Pure beeswax from our own hives, poured in small batches and cured for a month. They burn slowly, smell faintly of summer and hardly drip. A box holds three, one of each height.",
    image: "Three beeswax candles of different heights burning in the dark",
    daysAgo: 29,
    currency: "USD",
    variants: [
      { sku: "CANDLES-BOX-3", title: "Box of 3", amount: 2400, stock: 85 },
      { sku: "CANDLES-BOX-12", title: "Box of 12", amount: 8800, stock: 14 },
    ],
  },
  {
    slug: "milking-stool",
    title: "Milking Stool",
    description:
      "Three legs never wobble. Ash legs wedged through a solid elm seat, no screws and no glue you can see, finished with linseed oil. Made to order of the tree: when a board is used up, that stool is sold out.",
    image:
      "A three-legged wooden stool with wedged joints, and a curl of wood shaving on the floor",
    daysAgo: 33,
    currency: "USD",
    variants: [{ sku: "STOOL-ELM-ASH", title: "Elm and ash", amount: 21_000, stock: 0 }],
  },
  {
    slug: "heather-honey",
    title: "Heather Honey",
    description:
      "Pressed, not spun, because heather honey is too thick to run. Amber, bitter at the edges, with tiny bubbles that never leave it. The bees made 94 jars in August; these are what is left.",
    image: "A jar of amber honey with a cloth lid, and a wooden dipper with a drop falling from it",
    daysAgo: 37,
    currency: "GBP",
    variants: [
      { sku: "HONEY-HEATHER-340", title: "340 g", amount: 1450, stock: 31 },
      { sku: "HONEY-HEATHER-COMB", title: "Cut comb, 200 g", amount: 1900, stock: 3 },
    ],
  },
];
