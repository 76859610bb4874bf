/** Text as HTML. */

/** Notebook files hold text as one string or as a list of lines. */
export function joined(text) {
  return Array.isArray(text) ? text.join("") : (text ?? "");
}

/** Text in HTML: nothing in it is a tag, an entity or a template's `{{`. */
export function escaped(text) {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll("{{", "&#123;&#123;");
}

/** Text in an attribute of HTML. */
export function attribute(text) {
  return escaped(text).replaceAll('"', "&quot;").replaceAll("\n", " ");
}

/** A fragment of HTML in which no empty line ends a block of Markdown, and no `{{` begins a template. */
export function oneBlock(html) {
  return html.replaceAll("{{", "&#123;&#123;").replace(/\n\s*\n/g, "\n&#8203;\n");
}
