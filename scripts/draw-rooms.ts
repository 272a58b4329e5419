/** The folders of src/ and who stands on whom, as a Mermaid picture (https://mermaid.js.org/syntax/flowchart.html). */

/** An import between two files of src/. */
export interface Arrow {
  readonly from: string;
  readonly to: string;
}

type Graph = ReadonlyMap<string, ReadonlySet<string>>;

/** `src/checkout/refunds/a.ts` → `["checkout", "refunds"]`; no room for a file at the feature's root. */
function placeOf(path: string): readonly [feature: string, room: string | undefined] {
  const [, feature = "", ...rest] = path.split("/");
  return [feature, rest.length > 1 ? rest[0] : undefined];
}

function graphOf(arrows: readonly Arrow[]): Graph {
  const graph = new Map<string, Set<string>>();
  for (const { from, to } of arrows) {
    if (from === to) continue;
    graph.set(from, (graph.get(from) ?? new Set()).add(to));
  }
  return graph;
}

function reaches(graph: Graph, from: string, to: string, seen = new Set<string>()): boolean {
  if (seen.has(from)) return false;
  seen.add(from);
  return [...(graph.get(from) ?? [])].some((next) => next === to || reaches(graph, next, to, seen));
}

/** Leaves out each arrow that others imply: what a stands on, all above a stand on too. */
function withoutImplied(graph: Graph): Arrow[] {
  return [...graph].flatMap(([from, below]) =>
    [...below]
      .filter((to) => ![...below].some((other) => other !== to && reaches(graph, other, to)))
      .map((to) => ({ from, to })),
  );
}

const lines = (arrows: readonly Arrow[]) =>
  arrows.map(({ from, to }) => `${from} --> ${to}`).sort();

/** The rooms of `divided` features in a box each; arrows that follow from others are left out. */
export function drawRooms(arrows: readonly Arrow[], divided: readonly string[]): string {
  const inSrc = arrows.filter(({ from, to }) =>
    [from, to].every((path) => path.split("/").length > 2),
  );
  const features = graphOf(
    inSrc.map(({ from, to }) => ({ from: placeOf(from)[0], to: placeOf(to)[0] })),
  );
  const boxes = divided.flatMap((feature) => [
    `subgraph ${feature}`,
    ...drawBox(inSrc, feature).map((line) => `  ${line}`),
    "end",
  ]);
  const all = [...boxes, ...lines(withoutImplied(features))].map((line) => `  ${line}`);
  return ["flowchart TD", ...all].join("\n");
}

/** Mermaid wants names that no other box has, so a room is called by its feature too. */
function drawBox(arrows: readonly Arrow[], feature: string): string[] {
  const roomOf = (path: string) => {
    const [owner, room] = placeOf(path);
    return owner === feature && room !== undefined ? `${feature}/${room}` : undefined;
  };
  const rooms = arrows.flatMap(({ from, to }) => [roomOf(from) ?? [], roomOf(to) ?? []].flat());
  const between = arrows.flatMap(({ from, to }): Arrow[] => {
    const [above, below] = [roomOf(from), roomOf(to)];
    return above === undefined || below === undefined ? [] : [{ from: above, to: below }];
  });
  const drawn = withoutImplied(graphOf(between));
  const met = new Set(drawn.flatMap(({ from, to }) => [from, to]));
  const alone = [...new Set(rooms)].filter((room) => !met.has(room)).sort();
  return [...alone, ...lines(drawn)];
}
