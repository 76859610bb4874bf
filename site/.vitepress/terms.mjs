/** Cards of terms and symbols: where one first stands in a section, it is a link to its entry that carries what it means. */

/** Pages whose prose gets cards. */
const PAGES = /^(?:chapters|deep|guides|simple)\b/;

/** Sections that list works and versions: names of authors are no terms. */
const LISTS = /^(?:Further reading|References|Versions)\b/;

const attribute = (text) =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;").replaceAll("{{", "&#123;{");

/**
 * A plugin of markdown-it.
 * @param options  `terms` and `symbols` as scripts/site/terms.mjs reads them, and the site's path `base`
 */
export function termCards(md, { terms, symbols, base }) {
  const find = finder(terms);
  md.core.ruler.push("term-cards", ({ tokens, env, Token }) => {
    if (env.isSearched || !PAGES.test(env.relativePath ?? "")) return;
    const chapter = Number(/^(?:chapters|deep)\/(\d+)/.exec(env.relativePath)?.[1] ?? Number.NaN);
    const cards = new Map(symbols.map(({ tex, meanings }) => [tex, symbolCard(meanings, chapter)]));
    const html = (content) => Object.assign(new Token("html_inline", "", 0), { content });
    const text = (content) => Object.assign(new Token("text", "", 0), { content });
    const link = (address, card, inner, more = "") => [
      html(`<a class="vt-term${more} vp-raw" href="${base}${address}" data-card="${attribute(card)}">`),
      inner,
      html("</a>"),
    ];
    // a formula has no name that all readers of a screen find: it is said in words, too
    const symbol = (tex, card, inner) => {
      const said = html(`<span class="visually-hidden">${attribute(`${spoken(tex)}: ${card}`)}</span>`);
      const [open, ...rest] = link("notation#symbols", card, inner, " vt-symbol");
      return [open, said, ...rest];
    };
    let seen = new Set();
    let isList = false;
    const first = (key) => !seen.has(key) && seen.add(key);
    const marked = (token) => {
      if (token.type === "math_inline") {
        const tex = token.content.trim();
        const card = cards.get(tex);
        return card && first(tex) ? symbol(tex, card, token) : [token];
      }
      if (token.type !== "text") return [token];
      return find(token.content).flatMap(({ words, term }) =>
        term && first(term.id) ? link(`glossary#${term.id}`, term.card, text(words)) : [text(words)],
      );
    };
    for (const [i, token] of tokens.entries()) {
      if (token.type === "heading_open" && token.tag <= "h2") {
        seen = new Set();
        isList = LISTS.test(tokens[i + 1].content);
      }
      if (isList || token.type !== "inline" || tokens[i - 1]?.type === "heading_open") continue;
      let inLink = 0;
      token.children = token.children.flatMap((child) => {
        if (child.type === "link_open" || /^<a\b/i.test(child.content)) inLink++;
        if (child.type === "link_close" || /^<\/a>/i.test(child.content)) inLink--;
        return inLink > 0 ? [child] : marked(child);
      });
    }
  });
}

/** A symbol as it is said: "theta", "p of y given theta" without the marks of TeX. */
function spoken(tex) {
  return tex
    .replace(/\\(?:mathbf|boldsymbol|mathrm|mathcal)\s*/g, "")
    .replace(/\\mid/g, " given ")
    .replace(/\\[,|]/g, " ")
    .replace(/[\\{}_^]+/g, " ")
    .replace(/\s+/g, " ")
    .trim();
}

/** What a symbol means in a chapter: what it means everywhere, and what it means there. */
function symbolCard(meanings, chapter) {
  return meanings
    .filter(({ chapters }) => !chapters || chapters.includes(chapter))
    .map(({ text }) => text)
    .join("; ");
}

/** Divides text at the names of terms, singular or plural; abbreviations in capitals as they are, all else in any case. */
function finder(terms) {
  const byName = new Map(
    terms.flatMap((term) => term.names.map((name) => [name.toLowerCase(), { name, term }])),
  );
  const names = [...byName.keys()].sort((a, b) => b.length - a.length);
  if (names.length === 0) return (text) => [{ words: text }];
  const plain = names.map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replaceAll("'", "['’]"));
  const pattern = new RegExp(`(?<![\\p{L}\\p{N}-])(${plain.join("|")})(?:s|es)?(?![\\p{L}\\p{N}])`, "giu");
  return (text) => {
    const parts = [];
    let from = 0;
    for (const found of text.matchAll(pattern)) {
      const { name, term } = byName.get(found[1].toLowerCase().replace("’", "'"));
      if (/\p{Lu}{2}/u.test(name) && !found[0].startsWith(name)) continue;
      parts.push({ words: text.slice(from, found.index) }, { words: found[0], term });
      from = found.index + found[0].length;
    }
    return [...parts, { words: text.slice(from) }].filter(({ words }) => words !== "");
  };
}
