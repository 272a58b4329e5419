import { describe, expect, it } from "vitest";
import { type KeptText, Memory } from "../../src/platform/memory/memory.ts";

/** A clock that is set, and a reading that ends when it is told to. */
function rig(maxChars?: number) {
  const memory = new Memory(maxChars);
  const clock = { ms: 1000 };
  let reads = 0;
  const read = (text?: string) => (): Promise<KeptText> => {
    reads += 1;
    return Promise.resolve({ text: text ?? `read ${reads}` });
  };
  const recall = async (key = "a", reading = read()) =>
    (await memory.recall(key, () => clock.ms, reading)).text;
  return { memory, clock, read, recall, reads: () => reads };
}

function slowly() {
  const { promise, resolve, reject } = Promise.withResolvers<KeptText>();
  return { reading: () => promise, resolve, reject };
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
    const { reading, resolve } = slowly();
    const renewal = recall("a", reading);
    expect(await Promise.all([recall(), recall(), recall()])).toEqual(Array(3).fill("read 1"));
    expect(reads()).toBe(1);
    resolve({ text: "new" });
    expect(await renewal).toBe("new");
    expect(await recall()).toBe("new");
  });

  it("is never older than two seconds, counted from when its reading began", async () => {
    const { clock, recall } = rig();
    const { reading, resolve } = slowly();
    const slow = recall("a", reading);
    clock.ms += 1500;
    resolve({ text: "slow" });
    expect(await slow).toBe("slow");
    const lasting = slowly();
    void recall("a", lasting.reading);
    clock.ms += 499;
    expect(await recall()).toBe("slow");
    clock.ms += 1;
    expect(await recall()).toBe("read 1");
    lasting.resolve({ text: "late" });
    await Promise.resolve();
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
    const { recall, read } = rig(30);
    for (const key of ["a", "b", "c"]) await recall(key, read("123456789"));
    expect(await recall("a")).toBe("123456789");
    await recall("d", read("123456789"));
    expect(await recall("a", read("again"))).toBe("again");
    await recall("e", read("x".repeat(31)));
    expect(await recall("e", read("again"))).toBe("again");
  });
});

describe("A change that the isolate hears of", () => {
  const version = (n: number) => [{ tag: "catalog", version: n }];

  it("ends what was kept before, once", async () => {
    const { memory, recall } = rig();
    await recall();
    memory.tags.hear(version(1));
    expect(await recall()).toBe("read 2");
    memory.tags.hear(version(1));
    expect(await recall()).toBe("read 2");
    memory.tags.hear(version(2));
    expect(await recall()).toBe("read 3");
  });

  it("counts too where the version is smaller, as after a restore, or nobody knows it", async () => {
    const { memory, recall } = rig();
    memory.tags.hear(version(7));
    await recall();
    memory.tags.hear(version(3));
    expect(await recall()).toBe("read 2");
    memory.tags.doubt();
    expect(await recall()).toBe("read 3");
  });

  it("keeps out what was being read meanwhile", async () => {
    const { memory, recall } = rig();
    const { reading, resolve } = slowly();
    const slow = recall("a", reading);
    memory.tags.hear(version(1));
    resolve({ text: "old" });
    await slow;
    expect(await recall()).toBe("read 1");
  });
});
