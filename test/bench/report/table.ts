import type { RouteResult } from "../measure/measure-routes.ts";

/** Columns of text, the first to the left and the others to the right. */
export function formatTable(rows: readonly (readonly string[])[]): string {
  const columns = rows[0]?.length ?? 0;
  const widths = Array.from({ length: columns }, (_, i) =>
    Math.max(...rows.map((row) => (row[i] ?? "").length)),
  );
  const pad = (text: string, i: number) =>
    i === 0 ? text.padEnd(widths[i] ?? 0) : text.padStart(widths[i] ?? 0);
  return rows.map((row) => row.map(pad).join("  ").trimEnd()).join("\n");
}

/** The hot routes against the floor. */
export function routesTable(results: readonly RouteResult[]): string {
  const compared = results.some(({ against }) => against !== undefined);
  const head = [
    ...["route", "ratio", "× one SELECT", "CPU ratio"],
    ...["requests/s", "floor/s", "CPU ms", "floor ms"],
    ...(compared ? ["other: ratio", "CPU ratio", "requests/s", "CPU ms"] : []),
    ...["trips", "rows read", "written"],
  ];
  const rows = results.map((one) => [
    ...[one.name, ...ratioColumns(one), one.cpuRatio.toFixed(2)],
    ...[whole(one.perSecond), whole(one.floor.perSecond)],
    ...[one.cpuMs.toFixed(2), one.floor.cpuMs.toFixed(2)],
    ...(compared ? otherColumns(one) : []),
    ...[one.database.roundTrips, one.database.rowsRead, one.database.rowsWritten].map(String),
  ]);
  return formatTable([head, ...rows]);
}

/** Each floor has a column of its own, so that nobody takes the one for the other. */
function ratioColumns({ floorIs, ratio }: RouteResult): string[] {
  return floorIs === "statements" ? [ratio.toFixed(2), ""] : ["", ratio.toFixed(2)];
}

function otherColumns({ against }: RouteResult): string[] {
  if (against === undefined) return ["", "", "", ""];
  const { ratio, cpuRatio, perSecond, cpuMs } = against;
  return [ratio.toFixed(2), cpuRatio.toFixed(2), whole(perSecond), cpuMs.toFixed(2)];
}

export const whole = (value: number) => Math.round(value).toLocaleString("en-US");
