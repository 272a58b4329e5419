// Plain JavaScript, so that a Node too old for TypeScript can still say so.
const NEEDED = [22, 18];
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);

if (major < NEEDED[0] || (major === NEEDED[0] && minor < NEEDED[1])) {
  console.error(
    `Holdfast needs Node ${NEEDED.join(".")} or newer; this is ${process.versions.node}. ` +
      "On 64-bit Intel Linux, `npm ci` brings one along; elsewhere install it from https://nodejs.org.",
  );
  process.exit(1);
}
await import("../dev.ts");
