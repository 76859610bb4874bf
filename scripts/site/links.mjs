/** Links between files of the project as links between pages of the site. */
import { posix } from "node:path";

const LINK = /(!?)\[((?:[^\][]|\[[^\]]*\])*)\]\(([^)\s]+)\)/g;

/**
 * Markdown whose relative links lead to pages, and whose pictures come from the site; a link to a file that has no page keeps its
 * words alone.
 * @param from      the file the Markdown stands in, from the project's root
 * @param pageOf    file from the root → address of its page, or undefined
 * @param pictureOf file from the root → address of its copy, or undefined
 */
export function siteLinks(markdown, { from, pageOf, pictureOf }) {
  return outsideCode(markdown, (text) =>
    text.replace(LINK, (whole, picture, words, target) => {
      if (/^([a-z][a-z0-9+.-]*:|#|\/)/i.test(target)) return whole;
      const [path, anchor] = target.split("#");
      const file = posix.normalize(posix.join(posix.dirname(from), decodeURI(path)));
      const address = picture ? pictureOf(file) : pageOf(file);
      if (address === undefined) return picture ? "" : words;
      return `${picture}[${words}](${address}${anchor ? `#${anchor}` : ""})`;
    }),
  );
}

/** The Markdown with `change` done to all of it but its code: fences and spans are set aside, so that a link may have code for words. */
export function outsideCode(markdown, change) {
  const aside = [];
  const text = markdown.replace(
    /^(`{3,})[^\n]*\n[\s\S]*?^\1[ \t]*$|(`+)(?!`)[^\n]*?[^`]\2(?!`)/gm,
    (code) => `\uE000${aside.push(code) - 1}\uE000`,
  );
  return change(text).replace(/\uE000(\d+)\uE000/g, (_, at) => aside[at]);
}
