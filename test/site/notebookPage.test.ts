/** An executed notebook as a page of the site: everything it shows is there, and nothing in it acts on the page. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";

interface Page {
  readonly title: string;
  readonly question: string;
  readonly markdown: string;
  readonly code: number;
  readonly figures: readonly { readonly path: string; readonly content: string | Buffer }[];
}
interface Sources {
  readonly pages: readonly { readonly group: string; readonly path: string; readonly title: string }[];
  readonly files: readonly { readonly path: string; readonly content: string | Buffer }[];
}
type Links = {
  readonly from: string;
  pageOf(file: string): string | undefined;
  pictureOf(file: string): string | undefined;
};

const root = join(__dirname, "../..");
let notebookPage: (notebook: object, about: { name: string; file: string; base?: string }) => Page;
let siteSources: (root: string, base?: string) => Sources;
let siteLinks: (markdown: string, links: Links) => string;

beforeAll(async () => {
  const script = (name: string) => import(join(root, `scripts/site/${name}.mjs`));
  ({ notebookPage } = await script("notebookPage"));
  ({ siteSources } = await script("pages"));
  ({ siteLinks } = await script("links"));
});

const claim = (held: boolean | undefined, text: string) => ({
  output_type: "display_data",
  data: { "application/vnd.vitrade.claim+json": { held, text }, "text/plain": [text] },
});
const figure = {
  output_type: "display_data",
  data: {
    "application/vnd.plotly.v1+json": {
      data: [{ type: "bar", y: [1] }],
      layout: { height: 300, sliders: [{}] },
    },
    "image/png": Buffer.from("a picture").toString("base64"),
    "text/plain": ['[figure: Gain < "cost"]'],
  },
  metadata: { "image/png": { width: 700, height: 300 } },
};
const code = (source: string, ...outputs: object[]) => ({ cell_type: "code", source, outputs });
const prose = (source: string) => ({ cell_type: "markdown", source });
const pageOf = (...cells: object[]) =>
  notebookPage({ cells }, { name: "chapters-09-small", file: "notebooks/09-small.ipynb", base: "/course/" });

describe("a notebook as a page", () => {
  test("code is folded and keeps every line, a line of three backticks too", () => {
    const { markdown } = pageOf(prose("# Small"), code("const a = `\n```\n`;\na;"));
    expect(markdown).toContain('<details class="vt-code"><summary>Code, 4 lines</summary>');
    expect(markdown).toContain("````ts\nconst a = `\n```\n`;\na;\n````");
  });

  test("a figure is a picture with its title, and its data and picture are files of the site", () => {
    const { markdown, figures } = pageOf(prose("# Small"), code("show()", figure));
    expect(markdown).toContain('data-figure="/course/figures/chapters-09-small/01.json"');
    expect(markdown).toContain(
      '<img src="/course/figures/chapters-09-small/01.png" width="700" height="300"',
    );
    expect(markdown).toContain('alt="Gain &lt; &quot;cost&quot;"');
    expect(markdown).toContain('data-slider="true"');
    expect(figures.map(({ path }) => path)).toEqual([
      "figures/chapters-09-small/01.json",
      "figures/chapters-09-small/01.png",
    ]);
    expect(JSON.parse(String(figures[0]!.content)).data).toEqual([{ type: "bar", y: [1] }]);
    expect(String(figures[1]!.content)).toBe("a picture");
  });

  test("checks are counted by whether they hold, and one that fails is not hidden among others", () => {
    const { markdown } = pageOf(
      code("a", claim(true, "✓ one"), claim(true, "✓ two"), claim(false, "✗ three")),
    );
    expect(markdown).toContain("✗ 2 checks hold, 1 check does not hold");
    expect(markdown).toContain("<li>✓ one</li><li>✓ two</li><li>✗ three</li>");
    expect(pageOf(code("a", claim(undefined, "· n/a"))).markdown).toContain("· 1 check not applicable");
  });

  test("neither text nor an HTML table of an output can run a script or a template", () => {
    const stream = { output_type: "stream", text: ["<script>alert(1)</script> {{ danger }}\n"] };
    const bad = { output_type: "display_data", data: { "text/html": '<img src=x onerror="alert(1)">words' } };
    const table = {
      output_type: "display_data",
      data: { "text/html": "<table><caption>a {{b}}</caption></table>" },
    };
    const { markdown } = pageOf(code("a", stream, bad, table));
    expect(markdown).not.toMatch(/<script|onerror|\{\{/);
    expect(markdown).toContain("&lt;script&gt;");
    expect(markdown).toContain("words");
  });

  test("the page says how the notebook is opened and executed, below its title", () => {
    const { markdown, title, question } = pageOf(
      prose("# 9 · Small\n\n**The question of this chapter: is it small?**"),
    );
    expect([title, question]).toEqual(["9 · Small", "Is it small?"]);
    expect(markdown.indexOf("npm run reproduce -- 09")).toBeGreaterThan(markdown.indexOf("# 9 · Small"));
    expect(markdown.indexOf("npm run reproduce -- 09")).toBeLessThan(markdown.indexOf("The question"));
  });

  test("the command that a page names executes its notebook alone", async () => {
    const { chooseNotebooks } = await import(join(root, "scripts/reproduce/notebook.mjs"));
    const { files, pages } = siteSources(root);
    const notebooks = pages.filter(({ path }) => /^(chapters|deep)\//.test(path));
    expect(notebooks.length).toBeGreaterThan(9);
    for (const { path } of notebooks) {
      const markdown = String(files.find((file) => file.path === `${path}.md`)!.content);
      const [, file, name] = /then <code>([^<]+)<\/code>.*?npm run reproduce -- ([^<]+)</.exec(markdown)!;
      expect(chooseNotebooks(join(root, "notebooks"), [name]), path).toEqual([join(root, file!)]);
    }
  });
});

describe("links", () => {
  const links: Links = {
    from: "docs/guides/a.md",
    pageOf: (file) => ({ "NOTATION.md": "/notation" })[file],
    pictureOf: (file) => (file === "docs/guides/p.png" ? "/pictures/p.png" : undefined),
  };
  test.each([
    ["[words](../../NOTATION.md#axes)", "[words](/notation#axes)"],
    ["[words](../../lib/index.ts)", "words"],
    ["![p](p.png)", "![p](/pictures/p.png)"],
    ["[`lib/index.ts`](../../lib/index.ts)", "`lib/index.ts`"],
    ["[the `N`](../../NOTATION.md)", "[the `N`](/notation)"],
    ["[far](https://example.com)", "[far](https://example.com)"],
    ["`[words](../../lib/index.ts)`", "`[words](../../lib/index.ts)`"],
    ["[`lib/`](../../lib/README.md)", "`lib/`"],
    ["[see `NOTATION.md`](../../NOTATION.md) and `x`", "[see `NOTATION.md`](/notation) and `x`"],
    ["```\n[words](../../lib/index.ts)\n```", "```\n[words](../../lib/index.ts)\n```"],
  ])("%s becomes %s", (markdown, expected) => {
    expect(siteLinks(markdown, links)).toBe(expected);
  });
});

describe("the whole site", () => {
  let sources: Sources;
  beforeAll(() => {
    sources = siteSources(root);
  });

  test("every chapter has a page, and every figure of it a picture and its data", () => {
    const chapters = readdirSync(join(root, "notebooks")).filter((name) => /^\d\d-.*\.ipynb$/.test(name));
    const paths = new Map(sources.files.map(({ path, content }) => [path, content]));
    for (const name of chapters) {
      const stem = name.replace(".ipynb", "");
      const shown = readFileSync(join(root, "notebooks", name), "utf8").match(
        /"application\/vnd\.plotly\.v1\+json":/g,
      );
      const markdown = String(paths.get(`chapters/${stem}.md`));
      expect(markdown.match(/data-figure=/g)?.length, name).toBe(shown?.length);
      for (const [, address] of markdown.matchAll(/(?:data-figure|<img src)="\/([^"]+)"/g))
        expect([...paths.keys()], name).toContain(`public/${address}`);
    }
  });

  test("the first page asks each chapter's question as the README does", () => {
    const home = String(sources.files.find(({ path }) => path === "index.md")?.content);
    const asked = [...readFileSync(join(root, "README.md"), "utf8").matchAll(/^\| \[\d.*\) \| (.+\?) \|$/gm)];
    expect(asked.length).toBeGreaterThan(7);
    for (const [, question] of asked) expect(home).toContain(question!);
  });

  test("no page names a file that has no page", () => {
    const known = new Set(sources.pages.map(({ path }) => `/${path}`));
    for (const { path, content } of sources.files) {
      if (!path.endsWith(".md")) continue;
      for (const [, target] of String(content).matchAll(/\]\((\/[\w/-]+)(?:#[^)]*)?\)/g))
        expect([...known], path).toContain(target);
    }
  });

  test("references stand on one page, each once", () => {
    const page = sources.files.find(({ path }) => path === "references.md");
    const entries = String(page?.content).match(/^- .+$/gm) ?? [];
    expect(entries.length).toBeGreaterThan(20);
    expect(new Set(entries).size).toBe(entries.length);
  });
});
