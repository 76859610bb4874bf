/** The library's reference as pages of the site: addresses by room, links that lead to them, names as code says them. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";

interface ReferencePage {
  readonly path: string;
  readonly title: string;
  readonly markdown: string;
}

const folder = mkdtempSync(join(tmpdir(), "reference-"));
let pages: readonly ReferencePage[];
let referencePages: (folder: string) => readonly ReferencePage[];

beforeAll(async () => {
  ({ referencePages } = await import(join(__dirname, "../../scripts/docs/reference.mjs")));
  const files = {
    "index.md":
      "# vitrade\n\n## Modules\n\n| Module | Description |\n| - | - |\n| [nn](nn.md) | x |\n| [models](models/index.md) | x |\n",
    "nn.md": "[vitrade](index.md) / nn\n\n# nn\n",
    "models/index.md":
      "[vitrade](../index.md) / models\n\n# models\n\n> **fit**(`\\_\\_namedParameters`): [`Weights`](../nn.md#weights)\n",
    "models/namespaces/regimes-1.md":
      "[vitrade](../../index.md) / [models](../index.md) / regimes\n\n# regimes\n\n[own](#own) [far](https://example.org/a.md)\n",
  };
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  pages = referencePages(folder);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const page = (path: string): ReferencePage => pages.find((one) => one.path === path)!;

test("pages come in the order of the first one, a room before what is in it, under short addresses", () => {
  expect(pages.map(({ path, title }) => [path, title])).toEqual([
    ["reference/index", "Rooms"],
    ["reference/nn", "nn"],
    ["reference/models", "models"],
    ["reference/models/regimes", "models.regimes"],
  ]);
});

test("links between files lead to pages; links within a page and to other hosts stay", () => {
  expect(page("reference/index").markdown).toContain("[models](/reference/models)");
  expect(page("reference/models").markdown).toContain("[`Weights`](/reference/nn#weights)");
  const { markdown } = page("reference/models/regimes");
  expect(markdown).toContain("[Rooms](/reference/index) / [models](/reference/models) / regimes");
  expect(markdown).toContain("[own](#own) [far](https://example.org/a.md)");
});

test("options without a name are called options", () => {
  expect(page("reference/models").markdown).toContain("**fit**(`options`)");
});

test("without a reference there are no pages of it", () => {
  expect(referencePages(join(folder, "missing"))).toEqual([]);
});
