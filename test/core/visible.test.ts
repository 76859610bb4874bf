/** Foreign text on a terminal: every character is seen and none acts. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { visible, visibleJson, visibleLines } from "../../lib/core/visible.js";

const acts = (text: string): boolean =>
  Array.from(text).some((character) => {
    const code = character.codePointAt(0)!;
    const isControl = code < 0x20 || (code >= 0x7f && code < 0xa0);
    const turns = [0x61c, 0x200e, 0x200f, 0x2028, 0x2029, 0xfeff].includes(code);
    return isControl || turns || (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069);
  });

test.each([
  ["\x1b[2J\x1b[Hbuy 100 BTC", "\\x1b[2J\\x1b[Hbuy 100 BTC"],
  ["\x9b31m", "\\x9b31m"],
  ["a\r\nb\t\x7f", "a\\x0d\\x0ab\\x09\\x7f"],
  ["\u202egnp.exe\u2066", "\\u202egnp.exe\\u2066"],
  ["prix 3 € 價格 █ →", "prix 3 € 價格 █ →"],
])("%j is shown as %j", (text, shown) => {
  expect(visible(text)).toBe(shown);
});

test("of whatever text nothing acts; lines stay lines, and JSON is JSON of the same value", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      expect(acts(visible(text))).toBe(false);
      expect(visibleLines(text).split("\n").some(acts)).toBe(false);
      const json = visibleJson(JSON.stringify({ text }, null, 1));
      expect(json.split("\n").some(acts)).toBe(false);
      expect(JSON.parse(json)).toEqual({ text });
    }),
  );
});
