import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { rename, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { State } from "./state.ts";
import type { StateStorage, StateWriter } from "./world.ts";

const SHORTEST_PAUSE_MS = 50;
/** A large state takes long to write; this keeps writing to about a tenth of the time. */
const PAUSE_PER_WRITE_TIME = 10;

/** Keeps the state as JSON in a file. */
export function fileStorage(file: string): StateStorage {
  return { load: () => loadSnapshot(file), writer: (state) => snapshotWriter(file, state) };
}

function loadSnapshot(file: string): State | undefined {
  if (!existsSync(file)) return undefined;
  const parsed: unknown = JSON.parse(readFileSync(file, "utf8"), reviveMaps);
  return asState(parsed, file);
}

/** Guarantee: the file carries the version this program writes, hence its shape. */
function asState(parsed: unknown, file: string): State {
  const version = typeof parsed === "object" && parsed !== null && "version" in parsed;
  if (!version || parsed.version !== 2) {
    throw new Error(`${file} is not a state file of this Stripe emulator; delete it to start over`);
  }
  return parsed as State;
}

function reviveMaps(_key: string, value: unknown): unknown {
  const isMap = typeof value === "object" && value !== null && "$map" in value;
  return isMap && Array.isArray(value.$map) ? new Map(value.$map) : value;
}

function replaceMaps(_key: string, value: unknown): unknown {
  return value instanceof Map ? { $map: [...value] } : value;
}

/** Writes `state()` to `file` soon after each change, by rename, so that a reader never sees half. */
function snapshotWriter(file: string, state: () => State): StateWriter {
  let timer: NodeJS.Timeout | undefined;
  let inFlight: Promise<void> | undefined;
  let dirty = false;
  let pauseMs = SHORTEST_PAUSE_MS;
  const draft = `${file}.${process.pid}.draft`;
  mkdirSync(dirname(file), { recursive: true });

  const write = async (): Promise<void> => {
    dirty = false;
    const started = performance.now();
    await writeFile(draft, JSON.stringify(state(), replaceMaps));
    await rename(draft, file);
    pauseMs = Math.max(SHORTEST_PAUSE_MS, (performance.now() - started) * PAUSE_PER_WRITE_TIME);
  };
  const writeLater = (): void => {
    if (inFlight !== undefined || timer !== undefined) return;
    timer = setTimeout(() => {
      timer = undefined;
      inFlight = write().finally(() => {
        inFlight = undefined;
        if (dirty) writeLater();
      });
    }, pauseMs);
    timer.unref();
  };
  return {
    changed() {
      dirty = true;
      writeLater();
    },
    async close() {
      await inFlight;
      clearTimeout(timer);
      await write();
    },
  };
}
