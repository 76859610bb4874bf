import { expect, test } from "vitest";
import { formatTable } from "../../../lib/plot/notebook/table.js";

const rows = [
  { symbol: "BTCUSDT", bars: 17520, sharpe: 0.91234, "max drawdown": -0.31 },
  { symbol: "ETHUSDT", bars: 17498, sharpe: Number.NaN, "max drawdown": -0.4412 },
];

test("numbers stand to the right, units in the header, and both forms say the same", () => {
  const { html, text } = formatTable(rows, { units: { bars: "1 h" }, caption: "The data." });
  expect(text).toMatchInlineSnapshot(`
    "The data.
    symbol   bars [1 h]  sharpe  max drawdown
    ───────  ──────────  ──────  ────────────
    BTCUSDT       17520   0.912        −0.310
    ETHUSDT       17498       –        −0.441"
  `);
  expect(html).toContain('<th style="text-align:left">symbol</th>');
  expect(html).toContain('<th style="text-align:right">bars [1 h]</th>');
  expect(html).toContain('<td style="text-align:right">−0.441</td>');
  expect(html).toContain("<caption>The data.</caption>");
  expect(html.match(/<tr>/g)).toHaveLength(3);
});

test.each([
  [0.123456, "0.123"],
  [12.3456, "12.3"],
  [12345.6, "12346"],
  [-0.5, "−0.500"],
  [0.00001234, "1.23e−5"],
  [1.5e12 + 0.5, "1.50e12"],
  [Number.POSITIVE_INFINITY, "∞"],
  [2, "2.00"],
  [0, "0.00"],
  [-10, "−10.0"],
  [1234, "1234"],
  [null, "–"],
])("%d in a column of fractions is written %s", (value, written) => {
  const { text } = formatTable([{ x: value }, { x: 0.25 }]);
  expect(text.split("\n")[2]!.trim()).toBe(written);
});

test("integers are written in full, and the digits of a column can be chosen", () => {
  const { text } = formatTable([{ n: 1234567, p: 0.98765 }], { digits: { p: 2 } });
  expect(text.split("\n")[2]).toBe("1234567  0.99");
});

test("a cell cannot bring tags into the page", () => {
  const { html } = formatTable([{ "<b>": `<script>alert("1")</script> & 'co'` }]);
  expect(html).not.toMatch(/<b>|<script>/);
  expect(html).toContain("&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; &#39;co&#39;");
});

test("rows beyond the tenth are counted, not shown", () => {
  const many = Array.from({ length: 12 }, (_, i) => ({ i }));
  const { html, text } = formatTable(many);
  expect(text.split("\n")).toHaveLength(2 + 10 + 1);
  expect(text).toMatch(/… and 2 more rows$/);
  expect(html).toContain("… and 2 more rows</td></tr></tfoot>");
  expect(formatTable(many, { maxRows: 12 }).text).not.toContain("more");
  expect(formatTable(many, { maxRows: 11 }).text).toMatch(/… and 1 more row$/);
});

test("a frame gives its columns, and its index where the index has names", () => {
  const frame = {
    columns: ["return", "volume"],
    values: [
      [0.5, 1],
      [0.25, 2],
    ],
    index: ["mean", "std"],
  };
  expect(formatTable(frame).text).toMatchInlineSnapshot(`
    "      return  volume
    ────  ──────  ──────
    mean   0.500       1
    std    0.250       2"
  `);
  expect(formatTable({ ...frame, index: [0, 1] }).text).not.toContain("mean");
});

test("a real DataFrame is shown like its records", async () => {
  const { DataFrame } = await import("danfojs-node");
  expect(formatTable(new DataFrame(rows))).toEqual(formatTable(rows));
});

test.each<[string, () => unknown, string]>([
  ["no rows", () => formatTable([]), "table: expected at least one row, got none"],
  ["no columns", () => formatTable([{}]), "table: expected at least one column, got none"],
  [
    "ragged records",
    () =>
      formatTable([
        { a: 1, b: 2 },
        { a: 1, c: 3 },
      ]),
    'table: expected the columns a, b in row 1, got no "b", also "c"',
  ],
  [
    "a unit for no column",
    () => formatTable([{ a: 1 }], { units: { b: "bp" } }),
    "table units: expected a column among a, got b",
  ],
])("%s are refused", (_, make, message) => {
  expect(make).toThrow(message);
});

test("columns are picked, ordered and renamed; units and digits go by the header", () => {
  const columns = { sharpe: "Sharpe ratio", symbol: "perpetual" };
  const { text } = formatTable(rows, {
    columns,
    digits: { "Sharpe ratio": 2 },
    units: { "Sharpe ratio": "a year" },
  });
  const [header, , first] = text.split("\n");
  expect(header).toBe("Sharpe ratio [a year]  perpetual");
  expect(first!.trim()).toBe("0.91  BTCUSDT");
  expect(() => formatTable(rows, { columns: { Sharpe: "x" } })).toThrow("got Sharpe");
});
