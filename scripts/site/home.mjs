/** The site's first page: what the course is, and its chapters with their questions and their answers' figures. */
import { attribute, escaped } from "./text.mjs";

/**
 * @param pages  of the sidebar; chapters have a question and a picture
 * @param base   the site's path
 */
export function homePage(pages, base) {
  const chapters = pages.filter(({ group }) => group === "Chapters");
  const first = chapters[0]?.path ?? "about";
  const plain = pages.find(({ path }) => path === "simple");
  return `---
layout: home
title: Variational Trading
hero:
  name: Variational Trading
  text: Variational inference for crypto trading
  tagline: A course of TypeScript notebooks. A known answer comes first, costs and errors are always counted, and every figure comes out again.
  actions:
    - theme: brand
      text: Read the course
      link: /${first}
${plain ? `    - theme: alt\n      text: In plain words\n      link: /${plain.path}\n` : ""}    - theme: alt
      text: Run it yourself
      link: /about
---

<div class="vt-cards" v-pre>
${chapters.map((chapter) => card(chapter, base)).join("\n")}
</div>
`;
}

function card({ path, title, question, picture }, base) {
  const shown = picture ? `<img src="${base}${picture}" alt="" loading="lazy" width="760" height="420">` : "";
  return `<a class="vt-card" href="${base}${path}"><strong>${escaped(title)}</strong><span>${escaped(question || attribute(title))}</span>${shown}</a>`;
}
