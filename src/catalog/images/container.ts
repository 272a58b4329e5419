import type { ImageKind } from "../image.ts";

/** What a picture is wrapped in says of it. */
export interface Container {
  /** Whether it goes on to its end: an upload that was cut off does not. */
  readonly whole: boolean;
  /** Whether it is shown turned by a quarter. */
  readonly turned: boolean;
}

const viewOf = (bytes: Uint8Array) =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** https://www.w3.org/TR/png-3/#5Chunk-layout */
function readPng(bytes: Uint8Array): Container {
  const view = viewOf(bytes);
  let turned = false;
  for (let at = 8; at + 12 <= bytes.length; at += 12 + view.getUint32(at)) {
    const type = view.getUint32(at + 4);
    if (type === 0x49454e44) return { whole: true, turned }; // IEND
    const end = at + 8 + view.getUint32(at);
    if (type === 0x65584966 && end <= bytes.length)
      turned = isTurned(viewOf(bytes.subarray(at + 8, end))); // eXIf
  }
  return { whole: false, turned };
}

/** Whether EXIF's orientation, which is from 1 to 8, turns a picture by a quarter. https://www.cipa.jp/std/documents/e/DC-008-2012_E.pdf, 4.6.4 */
export function isQuarter(orientation: number): boolean {
  return orientation >= 5 && orientation <= 8;
}

/** By the orientation in the first directory of EXIF's data. */
function isTurned(exif: DataView): boolean {
  if (exif.byteLength < 8) return false;
  const little = exif.getUint16(0) === 0x4949;
  const first = exif.getUint32(4, little) + 2;
  if (first > exif.byteLength) return false;
  const entries = exif.getUint16(first - 2, little);
  for (let i = 0, at = first; i < entries && at + 12 <= exif.byteLength; i += 1, at += 12) {
    const value = exif.getUint16(at + 8, little);
    if (exif.getUint16(at, little) === 0x0112) return isQuarter(value);
  }
  return false;
}

/** Segments up to the compressed data, and its end, which cannot be inside of it. How it is turned, `imageMeta` reads. https://www.w3.org/Graphics/JPEG/itu-t81.pdf, B.1 */
function readJpeg(bytes: Uint8Array): Container {
  const view = viewOf(bytes);
  let at = 2;
  while (at + 4 <= bytes.length && bytes[at] === 0xff && bytes[at + 1] !== 0xda)
    at += bytes[at + 1] === 0xff ? 1 : 2 + view.getUint16(at + 2);
  const begun = bytes[at + 1] === 0xda;
  let end = begun ? at + 2 : -1;
  do end = end === -1 ? -1 : bytes.indexOf(0xd9, end + 1);
  while (end !== -1 && bytes[end - 1] !== 0xff);
  return { whole: end !== -1, turned: false };
}

/** https://www.rfc-editor.org/rfc/rfc9649#section-2.4 */
function readWebp(bytes: Uint8Array): Container {
  return { whole: viewOf(bytes).getUint32(4, true) + 8 <= bytes.length, turned: false };
}

interface Box {
  readonly type: number;
  readonly from: number;
  readonly to: number;
}

/** The boxes between two places; undefined where one goes on behind the end. ISO/IEC 14496-12, 4.2 */
function boxesOf(view: DataView, from: number, end: number): Box[] | undefined {
  const boxes: Box[] = [];
  for (let at = from; at < end; at = boxes.at(-1)?.to ?? end) {
    if (at + 8 > end) return undefined;
    const size = view.getUint32(at);
    const large = size === 1 && at + 16 <= end ? Number(view.getBigUint64(at + 8)) : size;
    const to = size === 0 ? end : at + large;
    if (to > end || to < at + 8) return undefined;
    boxes.push({ type: view.getUint32(at + 4), from: at + (size === 1 ? 16 : 8), to });
  }
  return boxes;
}

const DATA = new Set([0x6d646174, 0x69646174]); // mdat, idat
const META = 0x6d657461;
const PROPERTIES = 0x69707270;
const CONTAINER = 0x6970636f;
const ROTATION = 0x69726f74;

/** The turn is one of the properties of its items. ISO/IEC 23008-12, 6.5.10 */
function readAvif(bytes: Uint8Array): Container {
  const view = viewOf(bytes);
  const top = boxesOf(view, 0, bytes.length);
  const inside = (boxes: readonly Box[], type: number, skip = 0) =>
    boxes
      .filter((box) => box.type === type)
      .flatMap(({ from, to }) => boxesOf(view, from + skip, to) ?? []);
  const meta = inside(top ?? [], META, 4);
  const properties = inside(inside(meta, PROPERTIES), CONTAINER);
  const turns = properties.filter(({ type, from, to }) => type === ROTATION && from < to);
  return {
    whole: [...(top ?? []), ...meta].some(({ type }) => DATA.has(type)),
    turned: turns.some(({ from }) => view.getUint8(from) % 2 === 1),
  };
}

/** Reads what a picture of this kind is wrapped in. Pure; of bytes that lie it says something, and never throws for want of more. */
export const readContainer: Readonly<Record<ImageKind, (bytes: Uint8Array) => Container>> = {
  jpg: readJpeg,
  png: readPng,
  webp: readWebp,
  avif: readAvif,
};
