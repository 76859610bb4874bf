/** Commands that README, CONTRIBUTING and the guides tell a reader to type: each exists, with the options that are written. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { compileProgram, type Program } from "../cli/program.js";

const root = join(__dirname, "../..");
const guides = join(root, "docs/guides");
const files = [
  ...["README.md", "CONTRIBUTING.md", "RELEASING.md", "SECURITY.md", "data/README.md"],
  ...(existsSync(guides) ? readdirSync(guides).map((name) => `docs/guides/${name}`) : []),
].filter((file) => file.endsWith(".md") && existsSync(join(root, file)));

/** What stands in the file as code: fences and spans. */
function codeOf(file: string): string {
  const text = readFileSync(join(root, file), "utf8");
  return [...text.matchAll(/```[a-z]*\n([\s\S]*?)```|`([^`\n]+)`/g)]
    .map(([, fence, span]) => fence ?? span)
    .join("\n");
}

let program: Program;
beforeAll(() => {
  program = compileProgram();
});
afterAll(() => program.remove());

test.each(files)("%s names no npm script that is not there", (file) => {
  const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  for (const [, name] of codeOf(file).matchAll(/npm (?:run ([a-z][a-z:]*)|(?:start|test)\b)/g)) {
    if (name !== undefined) expect(Object.keys(scripts), `${file}: npm run ${name}`).toContain(name);
  }
});

test("every vitrade command that is written takes the options that are written", async () => {
  const help = new Map<string, string>();
  const written = files.flatMap((file) =>
    [...codeOf(file).matchAll(/npx vitrade ([a-z]+)([^#\n]*)/g)].map(([, name, rest]) => ({
      file,
      name: name!,
      rest: rest!,
    })),
  );
  expect(written.length).toBeGreaterThan(5);
  for (const { file, name, rest } of written) {
    if (!help.has(name)) help.set(name, (await program.run(name, "--help")).out);
    for (const [option] of rest.matchAll(/--[a-z][a-z-]*/g))
      expect(help.get(name), `${file}: npx vitrade ${name} ${option}`).toMatch(new RegExp(`${option}\\b`));
    expect(help.get(name), `${file}: npx vitrade ${name}`).toContain(`vitrade ${name}`);
  }
});
