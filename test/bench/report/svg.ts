import type { Report } from "./keep.ts";

const WIDTH = 900;
const LEFT = 190;
const RIGHT = 60;
const BAR = 14;
const ROW = 52;
const TOP = 96;
const FULL = WIDTH - LEFT - RIGHT;
/** The floor is at 1; what is more than this is cut off. */
const MOST = 1.2;
const COLOURS = { shop: "#1f6f8b", against: "#b8c4cc", text: "#1d2733", faint: "#6b7885" };

interface Bar {
  readonly name: string;
  readonly value: number;
  readonly colour: string;
}

/** Requests per second of each hot route as a share of the floor's, and the other checkout's beneath. */
export function drawReport({ routes, machine, madeAt }: Report): string {
  const rows = routes.map(({ name, ratio, cpuRatio, against }, i) => {
    const bars = [
      { name: label(ratio, cpuRatio), value: ratio, colour: COLOURS.shop },
      ...(against === undefined
        ? []
        : [
            {
              name: label(against.ratio, against.cpuRatio),
              value: against.ratio,
              colour: COLOURS.against,
            },
          ]),
    ];
    return drawRow(name, TOP + i * ROW, bars);
  });
  const height = TOP + routes.length * ROW + 20;
  const faint = { colour: COLOURS.faint };
  const floorAt = LEFT + FULL / MOST;
  const compared = routes.some(({ against }) => against !== undefined);
  const caption = `${madeAt.slice(0, 16).replace("T", " ")}, ${machine.cores} cores, ${machine.model}`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="system-ui, sans-serif" fill="${COLOURS.text}">`,
    `<rect width="100%" height="100%" fill="#fff"/>`,
    text([20, 34], "Requests per second, as a share of the floor's", {
      size: 20,
      weight: "bold",
    }),
    text([20, 58], `${caption}${compared ? "; pale: the other checkout" : ""}`, faint),
    `<line x1="${floorAt}" y1="${TOP - 14}" x2="${floorAt}" y2="${height - 12}" stroke="${COLOURS.faint}" stroke-dasharray="3 4"/>`,
    text([floorAt - 18, TOP - 20], "the floor", faint),
    ...rows,
    "</svg>",
    "",
  ].join("\n");
}

const label = (ratio: number, cpuRatio: number) =>
  `${ratio.toFixed(2)} (CPU × ${cpuRatio.toFixed(2)})`;

function drawRow(name: string, y: number, bars: readonly Bar[]): string {
  const drawn = bars.map(({ name: words, value, colour }, i) => {
    const at = y + i * (BAR + 4);
    const width = (Math.min(value, MOST) * FULL) / MOST;
    const inside = width > 130;
    const x = inside ? LEFT + 8 : LEFT + width + 8;
    const ink = inside && colour === COLOURS.shop ? "#fff" : COLOURS.text;
    return (
      `<rect x="${LEFT}" y="${at}" width="${width.toFixed(1)}" height="${BAR}" rx="2" fill="${colour}"/>` +
      text([x, at + 11], words, { size: 11, colour: ink })
    );
  });
  return text([20, y + 12], name, { size: 14 }) + drawn.join("");
}

function text(
  [x, y]: readonly [number, number],
  words: string,
  { size = 12, weight = "normal", colour = COLOURS.text } = {},
): string {
  const safe = words.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  return `<text x="${x}" y="${y}" font-size="${size}" font-weight="${weight}" fill="${colour}">${safe}</text>`;
}
