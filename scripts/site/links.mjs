/** Links between files of the project as links between pages of the site. */
import { posix } from "node:path";

const LINK = /(!?)\[((?:[^\][]|\[[^\]]*\])*)\]\(([^)\s]+)\)/g;
/** Stands for a piece of code while links around it are looked for; no text of the project has this character. */
const HELD = "\uE000";

/**
 * Markdown whose relative links lead to pages, and whose pictures come from the site; a link to a file that has no page keeps its
 * words alone. What is code stays as it is, also where it is a link's words.
 * @param from      the file the Markdown stands in, from the project's root
 * @param pageOf    file from the root → address of its page, or undefined
 * @param pictureOf file from the root → address of its copy, or undefined
 */
export function siteLinks(markdown, { from, pageOf, pictureOf }) {
  const code = [];
  const held = parts(markdown).map((part, i) => {
    if (i % 2 === 0) return part;
    code.push(part);
    return `${HELD}${code.length - 1}${HELD}`;
  });
  const linked = held.join("").replace(LINK, (whole, picture, words, target) => {
    if (/^([a-z][a-z0-9+.-]*:|#|\/)/i.test(target)) return whole;
    const [path, anchor] = target.split("#");
    const file = posix.normalize(posix.join(posix.dirname(from), decodeURI(path)));
    const address = picture ? pictureOf(file) : pageOf(file);
    if (address === undefined) return picture ? "" : words;
    return `${picture}[${words}](${address}${anchor ? `#${anchor}` : ""})`;
  });
  return linked.replace(new RegExp(`${HELD}(\\d+)${HELD}`, "g"), (_, i) => code[Number(i)]);
}

/** Text and code in turn: the code is a fence or a span. */
function parts(markdown) {
  const found = markdown.split(/(^(`{3,})[^\n]*\n[\s\S]*?^\2[ \t]*$|(`+)(?!`)[^\n]*?[^`]\3(?!`))/m);
  // a split with three groups gives text, code, and the two fences, in turn
  return found.filter((_, i) => i % 4 < 2).map((part) => part ?? "");
}
