/** No file of the library imports itself by way of others, not for a type either: a file can be read without the files that need it. */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";

const lib = path.resolve(__dirname, "../../lib");

type Imports = ReadonlyMap<string, readonly string[]>;

function importsOf(folder: string): Imports {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => name.split(path.sep).join("/"))
    .filter((name) => /(?<!\.d)\.ts$/.test(name) && !/(^|\/)(dist|node_modules|assembly)\//.test(name));
  const imported = (name: string): string[] => {
    const text = readFileSync(path.join(folder, name), "utf8");
    return [...text.matchAll(/(?:from|import\()\s*"(\.[^"]+)\.js"/g)].map(([, target]) =>
      path.posix.join(path.posix.dirname(name), `${target}.ts`),
    );
  };
  return new Map(names.map((name) => [name, imported(name)]));
}

/** Files that reach one another, by Tarjan's algorithm; each group sorted. */
function circlesOf(imports: Imports): string[][] {
  const [order, least] = [new Map<string, number>(), new Map<string, number>()];
  const open: string[] = [];
  const circles: string[][] = [];
  const visit = (name: string): void => {
    order.set(name, order.size);
    least.set(name, order.get(name)!);
    open.push(name);
    for (const next of imports.get(name) ?? []) {
      if (!order.has(next)) visit(next);
      if (open.includes(next)) least.set(name, Math.min(least.get(name)!, least.get(next)!));
    }
    if (least.get(name) !== order.get(name)) return;
    const group = open.splice(open.indexOf(name));
    if (group.length > 1) circles.push(group.sort());
  };
  for (const name of imports.keys()) if (!order.has(name)) visit(name);
  return circles;
}

test("no file of the library imports itself by way of others", () => {
  const imports = importsOf(lib);
  expect(imports.size).toBeGreaterThan(300);
  expect(circlesOf(imports)).toEqual([]);
});

test("a circle is found, and a fork that comes together again is none", () => {
  const imports = new Map([
    ["a", ["b", "c"]],
    ["b", ["d"]],
    ["c", ["d"]],
    ["d", ["e"]],
    ["e", ["f"]],
    ["f", ["d"]],
  ]);
  expect(circlesOf(imports)).toEqual([["d", "e", "f"]]);
});
