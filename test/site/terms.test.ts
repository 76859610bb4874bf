/** What cards say of terms and symbols is read from the glossary and the notation. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";

interface Term {
  readonly id: string;
  readonly names: readonly string[];
  readonly card: string;
}
interface Symbol {
  readonly tex: string;
  readonly meanings: readonly { readonly text: string; readonly chapters?: readonly number[] }[];
}

const root = join(__dirname, "../..");
let glossaryTerms: (glossary: string) => Term[];
let notationSymbols: (notation: string) => Symbol[];
let withIds: (glossary: string) => string;

beforeAll(async () => {
  ({ glossaryTerms, notationSymbols, withIds } = await import(join(root, "scripts/site/terms.mjs")));
});

const GLOSSARY = `# Glossary

### Kullback–Leibler divergence

The *average* log-ratio of [two](a.md) densities. *Also: KL divergence.* [Chapter 1](../notebooks/01.ipynb)

### Bar

One interval. [Chapter 0](../notebooks/00.ipynb)
`;
const NOTATION = String.raw`## Axes

| $K$ | not a symbol of the table below | ${"`x`"} |

## Symbols

| symbol | meaning | identifier |
|---|---|---|
| $\mu$, $\Lambda = \Sigma^{-1}$ | mean, precision [P,P] | ${"`a`"} |
| $p(y\mid\theta)$ | likelihood | ${"`b`"} |
| $\rho$ | correlation (chapter 1); parameter, softplus (chapters 4, 5) | ${"`c`"} |
| $m_s$, $v_s$ | mean and variance of a draw | ${"`d`"} |
`;

describe("terms", () => {
  test("have their names, an id, and what they mean without links and marks", () => {
    expect(glossaryTerms(GLOSSARY)[0]).toEqual({
      id: "kullback-leibler-divergence",
      names: ["Kullback–Leibler divergence", "KL divergence"],
      card: "The average log-ratio of two densities.",
    });
  });

  test("a term whose name is an everyday word has an entry and no name in prose", () => {
    expect(glossaryTerms(GLOSSARY)[1]).toEqual({ id: "bar", names: [], card: "One interval." });
  });

  test("cards lead to ids that the glossary's headings have", () => {
    const glossary = readFileSync(join(root, "docs/glossary.md"), "utf8");
    const ids = [...withIds(glossary).matchAll(/\{#([^}]+)\}/g)].map(([, id]) => id);
    expect(glossaryTerms(glossary).map(({ id }) => id)).toEqual(ids);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.length).toBeGreaterThan(60);
  });

  test("no two terms of the glossary share a name", () => {
    const names = glossaryTerms(readFileSync(join(root, "docs/glossary.md"), "utf8")).flatMap((term) =>
      term.names.map((name) => name.toLowerCase()),
    );
    expect(names.filter((name, i) => names.indexOf(name) < i)).toEqual([]);
  });
});

describe("symbols", () => {
  test("take their own part of a meaning where there are as many parts as symbols, else the whole", () => {
    const found = new Map(notationSymbols(NOTATION).map(({ tex, meanings }) => [tex, meanings]));
    expect([...found.keys()]).toEqual(["\\mu", "\\Lambda", "p(y\\mid\\theta)", "\\rho", "m_s", "v_s"]);
    expect(found.get("\\Lambda")).toEqual([{ text: "precision [P,P]" }]);
    expect(found.get("v_s")).toEqual([{ text: "mean and variance of a draw" }]);
  });

  test("know in which chapters a meaning holds", () => {
    expect(notationSymbols(NOTATION).find(({ tex }) => tex === "\\rho")?.meanings).toEqual([
      { text: "correlation", chapters: [1] },
      { text: "parameter, softplus", chapters: [4, 5] },
    ]);
  });

  test("of NOTATION.md no two meanings of one symbol hold in the same chapter", () => {
    const symbols = notationSymbols(readFileSync(join(root, "NOTATION.md"), "utf8"));
    expect(symbols.length).toBeGreaterThan(30);
    const clashing = symbols.filter(({ meanings }) => {
      const chapters = meanings.flatMap((meaning): (number | string)[] => [...(meaning.chapters ?? ["any"])]);
      return new Set(chapters).size < chapters.length || (chapters.includes("any") && chapters.length > 1);
    });
    expect(clashing).toEqual([]);
  });
});
