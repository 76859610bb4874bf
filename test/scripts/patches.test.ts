/** The patches of `patches/` on a copy of the packages they are for. */
import { cpSync, linkSync, mkdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Outcome, type Project, root, temporaryProject } from "./project.js";

let project: Project;

const apply = "import('./scripts/setup/patches.mjs').then((patches) => patches.applyPatches())";
const reading = (folder: string, name: string): string =>
  readFileSync(path.join(folder, "node_modules/tslab/dist", name), "utf8");
const patched = ["converter.js", "executor.js", "jupyter.js"];

const run = (): Promise<Outcome> => project.node(["-e", apply]);

/** Brings the copy to what npm unpacks. */
async function reverse(): Promise<void> {
  const { code, err } = await project.node(["node_modules/patch-package/index.js", "--reverse"]);
  expect(err).toBe("");
  expect(code).toBe(0);
}

beforeAll(() => {
  project = temporaryProject();
  mkdirSync(path.join(project.folder, "node_modules"));
  cpSync(path.join(root, "patches"), path.join(project.folder, "patches"), { recursive: true });
  cpSync(path.join(root, "node_modules/tslab"), path.join(project.folder, "node_modules/tslab"), {
    recursive: true,
  });
  symlinkSync(
    path.join(root, "node_modules/patch-package"),
    path.join(project.folder, "node_modules/patch-package"),
  );
});

afterAll(() => project.remove());

test("the patch makes of npm's files what this project runs on, once", async () => {
  await reverse();
  for (const name of patched) expect(reading(project.folder, name)).not.toBe(reading(root, name));
  expect((await run()).out).toContain("mending the kernel: done");
  for (const name of patched) expect(reading(project.folder, name)).toBe(reading(root, name));
  expect((await run()).out).toBe("");
});

test("files that were put back are patched again, and hard links to them stay as they were", async () => {
  await reverse();
  const before = reading(project.folder, "jupyter.js");
  const twin = path.join(project.folder, "twin.js");
  linkSync(path.join(project.folder, "node_modules/tslab/dist/jupyter.js"), twin);
  expect((await run()).code).toBe(0);
  expect(reading(project.folder, "jupyter.js")).toBe(reading(root, "jupyter.js"));
  expect(readFileSync(twin, "utf8")).toBe(before);
  rmSync(twin);
});
