import type { OrderTableLook } from "../../orders/index.ts";

/** The colours of the shop's pages. */
const LIGHT = {
  paper: "#fbf6ec",
  card: "#fffdf8",
  ink: "#2b211b",
  soft: "#6d5d50",
  line: "#e4d5bb",
  accent: "#a63f26",
  onAccent: "#fffaf2",
};
const DARK: typeof LIGHT = {
  paper: "#1c1714",
  card: "#272019",
  ink: "#f4e9d9",
  soft: "#bdab96",
  line: "#42362c",
  accent: "#ec9470",
  onAccent: "#23150e",
};

const SANS = "-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";
const SERIF = "Georgia,'Times New Roman',serif";
const TEXT = `font:16px/1.5 ${SANS};color:${LIGHT.ink}`;
const BREAKS = "overflow-wrap:anywhere;word-break:break-word";

/** Every part has its style on it, because many mail programs drop the sheet; its class is for those that do not. */
export const look = {
  body: { class: "paper", style: `margin:0;padding:0;background:${LIGHT.paper}` },
  page: { class: "paper", style: `width:100%;border-spacing:0;background:${LIGHT.paper}` },
  margin: { class: "margin", style: "padding:24px" },
  card: {
    class: "card",
    style: `width:100%;max-width:560px;border-spacing:0;table-layout:fixed;border-radius:14px;background:${LIGHT.card}`,
  },
  inside: { class: "inside ink", style: `padding:32px;text-align:left;${TEXT};${BREAKS}` },
  shop: { style: "margin:0 0 24px;font-weight:700" },
  heading: { style: `margin:0 0 16px;font:700 26px/1.25 ${SERIF}` },
  paragraph: { style: "margin:0 0 12px" },
  list: { style: "margin:0 0 16px;padding-left:20px" },
  action: { style: "margin:24px 0 0" },
  also: { style: "margin:16px 0 0" },
  link: { class: "ink", style: `color:${LIGHT.ink}` },
  small: { class: "soft", style: `margin:24px 0 0;font-size:14px;color:${LIGHT.soft}` },
  button: {
    class: "button",
    style: `display:inline-block;padding:12px 20px;border-radius:999px;background:${LIGHT.accent};color:${LIGHT.onAccent};font-weight:600;text-decoration:none`,
  },
} as const;

const NAME = "text-align:left;vertical-align:top";
const AMOUNT = "width:1%;text-align:right;vertical-align:top;white-space:nowrap";
const EDGE = `border-bottom:1px solid ${LIGHT.line}`;
const DUE = "font-weight:700;font-size:18px";

export const TABLE: OrderTableLook = {
  table: { class: "ink", style: `width:100%;border-collapse:collapse;${TEXT}` },
  line: {
    name: { class: "edge", style: `padding:12px 16px 12px 0;font-weight:400;${NAME};${EDGE}` },
    amount: { class: "edge", style: `padding:12px 0;${AMOUNT};${EDGE}` },
  },
  title: { style: "font-weight:700" },
  detail: { class: "soft", style: `color:${LIGHT.soft}` },
  sum: {
    name: { style: `padding:10px 16px 0 0;font-weight:400;${NAME}` },
    amount: { style: `padding:10px 0 0;${AMOUNT}` },
  },
  total: {
    name: { style: `padding:14px 16px 0 0;${NAME};${DUE}` },
    amount: { style: `padding:14px 0 0;${AMOUNT};${DUE}` },
  },
};

/** What no inline style can say: the dark, and the narrow. */
export const SHEET = `
:root{color-scheme:light dark;supported-color-schemes:light dark}
@media (max-width:480px){
.margin{padding:12px!important}
.inside{padding:20px!important}
}
@media (prefers-color-scheme:dark){
.paper{background:${DARK.paper}!important}
.card{background:${DARK.card}!important}
.ink{color:${DARK.ink}!important}
.soft{color:${DARK.soft}!important}
.edge{border-color:${DARK.line}!important}
.button{background:${DARK.accent}!important;color:${DARK.onAccent}!important}
}
`;
