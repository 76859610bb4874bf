import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";

const readme = readFileSync("README.md", "utf8");

test("the README's figure is the one that chapter 1 draws: npm run figure mends it", async () => {
  const { firstPicture, picture } = (await import(pathToFileURL("scripts/readme-figure.mjs").href)) as {
    firstPicture(): Buffer;
    picture: string;
  };
  expect(readFileSync(picture).equals(firstPicture())).toBe(true);
  expect(readme).toContain("notebooks/images/answer.png");
});

test("every file the README links to is there", () => {
  const links = [...readme.matchAll(/\]\((?!https?:)([^)#]+)\)/g)].map((match) => match[1]!);
  expect(links.length).toBeGreaterThan(5);
  for (const link of links) expect(() => readFileSync(link), link).not.toThrow();
});

test("every command the README names is a script of package.json", () => {
  const scripts = Object.keys(
    (JSON.parse(readFileSync("package.json", "utf8")) as { scripts: object }).scripts,
  );
  const named = [...readme.matchAll(/npm (?:run )?([a-z:]+)/g)].map((match) => match[1]!);
  for (const name of new Set(named)) expect(["install", ...scripts], name).toContain(name);
});

test("the claim the README quotes is one that chapter 1 prints", () => {
  const quoted = /`(✓ [^`]+)`/.exec(readme)?.[1];
  const notebook = JSON.parse(readFileSync("notebooks/01-variational-inference.ipynb", "utf8")) as {
    cells: { outputs?: { data?: Record<string, string | string[]> }[] }[];
  };
  const printed = notebook.cells
    .flatMap((cell) => cell.outputs ?? [])
    .map((output) => [output.data?.["text/plain"]].flat().join("").split("\n")[0]);
  expect(printed).toContain(quoted);
});
