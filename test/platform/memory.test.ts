import { describe, expect, it } from "vitest";
import type { Versions } from "../../src/platform/db.ts";
import type { KeptRead, KeptText } from "../../src/platform/memory/kept.ts";
import { Memory } from "../../src/platform/memory/memory.ts";

const version = (n: number): Versions => [{ tag: "catalog", version: n }];

/** A clock that is set, a database at a version, a data center, and a reading that ends when it is told to. */
function rig({ maxChars = 1000, shared = dataCenter(0) } = {}) {
  const memory = new Memory(maxChars);
  const clock = { ms: 1000 };
  const database: { version: number; bookmark?: string } = { version: 0 };
  let reads = 0;
  const read = (text?: string) => (): Promise<KeptText> => {
    reads += 1;
    return Promise.resolve({ text: text ?? `read ${reads}` });
  };
  const reading =
    (atLeast: string | undefined) =>
    async <T>(reads: () => Promise<T>) => {
      const since = memory.tags.begin();
      const heard = version(database.version);
      const { bookmark } = database;
      const value = await reads();
      memory.tags.hear(heard, since);
      return {
        value,
        heard,
        bookmark: [bookmark, atLeast]
          .filter((one) => one !== undefined)
          .toSorted()
          .at(-1),
      };
    };
  const recall = async (key = "a", slow = read(), atLeast?: string) => {
    const reader = { now: () => clock.ms, db: { atLeast, reading: reading(atLeast) }, shared };
    return (await memory.recall(reader, key, slow)).text;
  };
  const change = () => {
    database.version += 1;
    memory.tags.hear(version(database.version), memory.tags.begin());
  };
  return { memory, clock, database, read, recall, change, shared, reads: () => reads };
}

/** What the isolates of a data center keep for each other, as far as there is room. */
function dataCenter(room = 100) {
  const kept = new Map<string, KeptRead>();
  return {
    kept,
    find: (key: string) => Promise.resolve(kept.get(key)),
    keep: (key: string, read: KeptRead) => void (kept.size < room && kept.set(key, read)),
  };
}

function slowly() {
  const { promise, resolve } = Promise.withResolvers<KeptText>();
  const begun = Promise.withResolvers<void>();
  const reading = () => {
    begun.resolve();
    return promise;
  };
  return { reading, resolve, begun: begun.promise };
}

describe("What is kept", () => {
  it("is given again within a second, and for each key its own", async () => {
    const { clock, recall } = rig();
    expect(await recall()).toBe("read 1");
    clock.ms += 999;
    expect(await recall()).toBe("read 1");
    expect(await recall("b")).toBe("read 2");
  });

  it("is read anew by one request after a second, while others get what is there", async () => {
    const { clock, recall, reads } = rig();
    await recall();
    clock.ms += 1000;
    const { reading, resolve, begun } = slowly();
    const renewal = recall("a", reading);
    await begun;
    expect(await Promise.all([recall(), recall(), recall()])).toEqual(Array(3).fill("read 1"));
    expect(reads()).toBe(1);
    resolve({ text: "new" });
    expect(await renewal).toBe("new");
    expect(await recall()).toBe("new");
  });

  it("is never older than two seconds, counted from when its reading began", async () => {
    const { clock, recall } = rig();
    const { reading, resolve, begun } = slowly();
    const slow = recall("a", reading);
    await begun;
    clock.ms += 1500;
    resolve({ text: "slow" });
    expect(await slow).toBe("slow");
    const lasting = slowly();
    const late = recall("a", lasting.reading);
    await lasting.begun;
    clock.ms += 499;
    expect(await recall()).toBe("slow");
    clock.ms += 1;
    expect(await recall()).toBe("read 1");
    lasting.resolve({ text: "late" });
    expect(await late).toBe("late");
    expect(await recall()).toBe("read 1");
  });

  it("is not given by a clock that was put back", async () => {
    const { clock, recall } = rig();
    await recall();
    clock.ms -= 1;
    expect(await recall()).toBe("read 2");
  });

  it("is read by the next request where a renewal has failed, and a failure is not kept", async () => {
    const { clock, recall } = rig();
    await expect(recall("a", () => Promise.reject(new Error("down")))).rejects.toThrow("down");
    await recall();
    clock.ms += 1000;
    await expect(recall("a", () => Promise.reject(new Error("down")))).rejects.toThrow("down");
    expect(await recall()).toBe("read 2");
  });

  it("is not more than there is room for: the oldest goes first, and what is larger is not kept", async () => {
    const { recall, read } = rig({ maxChars: 30 });
    for (const key of ["a", "b", "c"]) await recall(key, read("123456789"));
    expect(await recall("a")).toBe("123456789");
    await recall("d", read("123456789"));
    expect(await recall("a", read("again"))).toBe("again");
    await recall("e", read("x".repeat(31)));
    expect(await recall("e", read("again"))).toBe("again");
  });
});

describe("A change that the isolate hears of", () => {
  it("ends what was kept before, once", async () => {
    const { memory, recall, change } = rig();
    await recall();
    change();
    expect(await recall()).toBe("read 2");
    memory.tags.hear(version(1), memory.tags.begin());
    expect(await recall()).toBe("read 2");
    change();
    expect(await recall()).toBe("read 3");
  });

  it("counts too where the version is smaller, as after a restore, or nobody knows it", async () => {
    const { memory, recall, database } = rig();
    database.version = 7;
    await recall();
    database.version = 3;
    memory.tags.hear(version(3), memory.tags.begin());
    expect(await recall()).toBe("read 2");
    memory.tags.doubt();
    expect(await recall()).toBe("read 3");
    expect(await recall()).toBe("read 3");
  });

  it("keeps out what was being read meanwhile", async () => {
    const { recall, change } = rig();
    const { reading, resolve, begun } = slowly();
    const slow = recall("a", reading);
    await begun;
    change();
    resolve({ text: "old" });
    await slow;
    expect(await recall()).toBe("read 1");
  });

  it("keeps out what was being read when nobody knew whether there was one", async () => {
    const { memory, recall } = rig();
    const { reading, resolve, begun } = slowly();
    const slow = recall("a", reading);
    await begun;
    memory.tags.doubt();
    resolve({ text: "old" });
    await slow;
    expect(await recall()).toBe("read 1");
  });

  it("is not taken back by an answer that is late", async () => {
    const { memory, recall, change } = rig();
    await recall();
    const since = memory.tags.begin();
    change();
    change();
    expect(await recall()).toBe("read 2");
    memory.tags.hear(version(1), since);
    expect(await recall()).toBe("read 2");
  });

  it("is heard of by reading, too", async () => {
    const { database, recall } = rig();
    await recall("a");
    database.version = 1;
    await recall("b");
    expect(await recall("a")).toBe("read 3");
  });
});

describe("What another isolate of the data center has read", () => {
  it("is given in place of a reading, and kept", async () => {
    const here = rig({ shared: dataCenter() });
    await here.recall();
    const { recall, reads, shared } = rig({ shared: here.shared });
    expect(await recall()).toBe("read 1");
    shared.kept.clear();
    expect(await recall()).toBe("read 1");
    expect(reads()).toBe(0);
  });

  it("is two seconds old at most, and renews what is a second younger", async () => {
    const { clock, recall, shared } = rig({ shared: dataCenter() });
    const at = (ms: number, text: string) =>
      shared.kept.set("a", { kept: { text }, at: ms, versions: version(0), bookmark: undefined });
    at(-1000, "old");
    expect(await recall()).toBe("read 1");
    clock.ms = 2000;
    at(1000, "as old as ours");
    expect(await recall()).toBe("read 2");
    clock.ms = 3000;
    at(2001, "younger");
    expect(await recall()).toBe("younger");
    at(3001, "of a clock that is ahead");
    clock.ms = 4002;
    shared.kept.set("b", {
      kept: { text: "ahead" },
      at: 4003,
      versions: version(0),
      bookmark: undefined,
    });
    expect(await recall("b")).toBe("read 3");
  });

  it("is not given to an isolate that knows of a change since", async () => {
    const there = rig({ shared: dataCenter() });
    await there.recall();
    const { recall, change, database } = rig({ shared: there.shared });
    await recall("b");
    change();
    expect(await recall()).toBe("read 2");
    expect(there.shared.kept.get("a")?.versions).toEqual(version(1));
    database.version = 2;
    there.database.version = 2;
    there.clock.ms += 1000;
    await there.recall();
    expect(await there.recall()).toBe("read 2");
  });

  it("tells the isolate of a change that it did not know of", async () => {
    const there = rig({ shared: dataCenter() });
    const here = rig({ shared: there.shared });
    await here.recall("a");
    there.change();
    await there.recall("b");
    here.database.version = 1;
    expect(await here.recall("b")).toBe("read 1");
    there.shared.kept.delete("a");
    expect(await here.recall("a")).toBe("read 2");
  });

  it("is not given to one that does not know what it has changed itself", async () => {
    const there = rig({ shared: dataCenter() });
    await there.recall();
    const { memory, recall } = rig({ shared: there.shared });
    memory.tags.doubt();
    expect(await recall("a", () => Promise.resolve({ text: "own" }))).toBe("own");
  });
});

describe("What a client has seen", () => {
  it("is in what it gets, wherever that is kept", async () => {
    const { database, recall, shared } = rig({ shared: dataCenter() });
    database.bookmark = "0005";
    expect(await recall("a")).toBe("read 1");
    expect(await recall("a", undefined, "0005")).toBe("read 1");
    database.bookmark = "0007";
    expect(await recall("a", undefined, "0006")).toBe("read 2");
    const other = rig({ shared });
    expect(await other.recall("a", undefined, "0007")).toBe("read 2");
    expect(await other.recall("a", undefined, "0008")).toBe("read 1");
  });

  it("is not believed by anybody else", async () => {
    const { recall, shared } = rig({ shared: dataCenter() });
    await recall("a", undefined, "ffff");
    expect(shared.kept.get("a")?.bookmark).toBeUndefined();
    expect(await recall("a", undefined, "0001")).toBe("read 2");
  });
});
