/**
 * Adds what `npm install` leaves out of package-lock.json when a registry does not serve every platform's
 * binaries: `npm ci` refuses a lockfile without them. Run it after `npm install`; it is safe to repeat.
 * The added entries have no checksum, and are only ever installed on the platform that they name.
 */
import { readFileSync, writeFileSync } from "node:fs";

const FILE = "package-lock.json";
const PLATFORM =
  /-(?<os>android|darwin|freebsd|linux|openharmony|win32)-(?<cpu>arm64|arm|x64|ia32|ppc64|riscv64|s390x|loong64|mips64el)(?:-(?<abi>\w+))?$/;
const EXACT = /^\d+\.\d+\.\d+$/;

/** `undefined` for a name that does not say what it runs on. */
function platformOf(name) {
  const { os, cpu, abi } = PLATFORM.exec(name)?.groups ?? {};
  if (os === undefined) return undefined;
  const libc = os === "linux" ? { libc: [abi?.startsWith("musl") ? "musl" : "glibc"] } : {};
  return { cpu: [cpu], ...libc, os: [os] };
}

const lock = JSON.parse(readFileSync(FILE, "utf8"));
const added = [];
for (const parent of Object.values(lock.packages)) {
  for (const [name, version] of Object.entries(parent.optionalDependencies ?? {})) {
    const path = `node_modules/${name}`;
    const platform = platformOf(name);
    if (lock.packages[path] !== undefined || platform === undefined || !EXACT.test(version))
      continue;
    const { cpu, ...rest } = platform;
    lock.packages[path] = {
      version,
      cpu,
      ...(parent.dev === true ? { dev: true } : {}),
      ...(parent.license === undefined ? {} : { license: parent.license }),
      optional: true,
      ...rest,
    };
    added.push(name);
  }
}

const order = (left, right) => (left < right ? -1 : 1);
lock.packages = Object.fromEntries(
  Object.entries(lock.packages).sort(([left], [right]) => order(left, right)),
);
writeFileSync(FILE, `${JSON.stringify(lock, null, 2)}\n`);
process.stdout.write(`${added.length} added${added.map((name) => `\n  ${name}`).join("")}\n`);
