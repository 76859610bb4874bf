/** Foreign text on its way to a terminal: what would act there is shown in its place. */

/** Control characters (C0, DEL, C1), formats such as those that turn the direction of text, and the separators of lines. */
const ACTING = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** One line in which every character is seen and none acts: `\x1b` in place of an escape, `\u202e` of an override. */
export function visible(text: string): string {
  return text.replace(ACTING, (character) => {
    const code = character.codePointAt(0)!;
    if (code < 0x100) return `\\x${code.toString(16).padStart(2, "0")}`;
    return code < 0x10000 ? `\\u${code.toString(16).padStart(4, "0")}` : `\\u{${code.toString(16)}}`;
  });
}

/** The same of a text of several lines, which stay. */
export function visibleLines(text: string): string {
  return text.split("\n").map(visible).join("\n");
}

/** JSON of the same value, in which they stand as JSON escapes; its own line breaks stay. */
export function visibleJson(json: string): string {
  return json.replace(ACTING, (character) => {
    if (character === "\n") return character;
    const units = Array.from({ length: character.length }, (_, i) => character.charCodeAt(i));
    return units.map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`).join("");
  });
}
