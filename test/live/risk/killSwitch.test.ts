/** The kill switch: whatever has its name throws it, and looking never waits. */
import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { expect, test } from "vitest";
import { killSwitch } from "../../../lib/live/risk/killSwitch.js";
import { compileFiles } from "../compiled.js";
import { temporaryFolder } from "../paperFixtures.js";

const PUT: Readonly<Record<string, (path: string) => unknown>> = {
  "a file": (path) => writeFileSync(path, ""),
  "a folder": (path) => mkdirSync(path),
  "a link to a file": (path) => {
    writeFileSync(`${path}.target`, "not read");
    symlinkSync(`${path}.target`, path);
  },
  "a link to nothing": (path) => symlinkSync("/nowhere/at/all", path),
  "a link to itself": (path) => symlinkSync(path, path),
  "a pipe": (path) => execFileSync("mkfifo", [path]),
  "a socket": (path) =>
    new Promise<void>((done) => {
      const server = createServer().listen(path, done);
      server.unref();
    }),
};

test.each(Object.entries(PUT))("%s of its name throws the switch at once", async (name, put) => {
  const file = join(temporaryFolder(), "STOP");
  const thrown = killSwitch(file);
  expect(thrown.thrown()).toBeUndefined();
  await put(file);
  const from = performance.now();
  expect(thrown.thrown(), name).toMatch(/^kill switch .*STOP$/);
  expect(performance.now() - from).toBeLessThan(200);
});

test("a file says why, and nobody can throw the switch back", () => {
  const file = join(temporaryFolder(), "STOP");
  const thrown = killSwitch(file);
  writeFileSync(file, `enough\n${"x".repeat(10_000)}`);
  expect(thrown.thrown()).toMatch(/STOP: enough\nx{193}$/);
  rmSync(file);
  expect(thrown.thrown()).toContain("enough");
});

test("a folder that is gone, or a name that cannot be looked at, throws it too", () => {
  const folder = join(temporaryFolder(), "there");
  mkdirSync(folder);
  const [gone, long] = [killSwitch(join(folder, "STOP")), killSwitch(join(folder, "x".repeat(5000)))];
  expect(gone.thrown()).toBeUndefined();
  rmSync(folder, { recursive: true });
  expect(gone.thrown()).toContain("its folder is gone");
  expect(long.thrown()).toContain("it cannot be looked at (ENAMETOOLONG)");
});

/** As an ordinary user, since nothing is hidden from root. */
const CHILD = `
if (process.getuid() === 0) process.setuid(65534);
const { killSwitch } = require("./lib/live/risk/killSwitch.js");
for (const file of process.argv.slice(2)) console.log(killSwitch(file).thrown());
`;

test("a folder or a file that cannot be read throws it", () => {
  const library = temporaryFolder();
  compileFiles(library, ["lib/live/risk/killSwitch.ts"]);
  writeFileSync(join(library, "child.js"), CHILD);
  const [shut, file] = [join(library, "shut"), join(library, "STOP")];
  mkdirSync(shut);
  writeFileSync(file, "secret");
  chmodSync(library, 0o755);
  chmodSync(shut, 0o000);
  chmodSync(file, 0o000);
  const { stdout } = spawnSync(process.execPath, [join(library, "child.js"), join(shut, "STOP"), file], {
    encoding: "utf8",
  });
  chmodSync(shut, 0o755);
  expect(stdout.trim().split("\n")).toEqual([
    `kill switch ${join(shut, "STOP")}: it cannot be looked at (EACCES)`,
    `kill switch ${file}`,
  ]);
});
