/**
 * What `npm ci` does not look at: where packages come from, exact versions, one copy of each that the Worker bundles.
 * Binaries of other platforms may lack a checksum: complete-lockfile.mjs says why.
 */
import { readFileSync } from "node:fs";

const EXACT = /^(npm:(@[\w.-]+\/)?[\w.-]+@)?\d+\.\d+\.\d+(-[\w.]+)?$/;
const ONCE = ["hono", "zod", "stripe", "drizzle-orm"];

const { packages = {} } = JSON.parse(readFileSync("package-lock.json", "utf8"));
const root = packages[""] ?? {};
const installed = Object.entries(packages).filter(([path]) => path !== "");
const wanted = Object.entries({
  ...root.dependencies,
  ...root.devDependencies,
  ...root.optionalDependencies,
});

const problems = [
  ...wanted
    .filter(([, version]) => !EXACT.test(version))
    .map(([name, version]) => `${name}: ${version} is not an exact version`),
  ...installed
    .filter(([, { resolved, link }]) => resolved !== undefined || link === true)
    .map(([path, { resolved }]) => `${path}: tied to the address ${resolved}`),
  ...installed
    .filter(([, { integrity, optional, os }]) => {
      const leftOut = optional === true && os !== undefined;
      return integrity === undefined && !leftOut;
    })
    .map(([path]) => `${path}: no integrity`),
];

for (const name of ONCE) {
  const copies = installed.filter(
    ([path, { dev }]) => path.endsWith(`node_modules/${name}`) && dev !== true,
  );
  if (copies.length !== 1) {
    const found = copies.map(([path, { version }]) => `${version} in ${path}`);
    problems.push(`${name}: ${copies.length} copies instead of one: ${found.join(", ")}`);
  }
}

if (installed.length === 0) problems.push("package-lock.json lists no packages");
for (const problem of problems) process.stderr.write(`lockfile: ${problem}\n`);
if (problems.length > 0) process.exit(1);
process.stdout.write(`${installed.length} packages, by version and checksum only\n`);
