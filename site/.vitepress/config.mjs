/** VitePress: pages of the sources that `npm run site` wrote, with search, dark mode and formulas, and nothing from elsewhere. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import katexPlugin from "@vscode/markdown-it-katex";
import { createCssVariablesTheme, createHighlighter } from "shiki";
import { defineConfig } from "vitepress";
import { termCards } from "./terms.mjs";

const sources = process.env.VITRADE_SITE_SOURCES;
if (!sources) throw new Error("VITRADE_SITE_SOURCES: expected the folder of the sources; run npm run site");
const { base, pages, terms, symbols } = JSON.parse(readFileSync(join(sources, "pages.json"), "utf8"));

const katex = katexPlugin.default ?? katexPlugin;
const theme = createCssVariablesTheme({ name: "course", variablePrefix: "--code-" });
const LANGUAGES = ["ts", "js", "sh", "json", "yaml", "diff", "python"];
const highlighter = await createHighlighter({ themes: [theme], langs: LANGUAGES });

/** Classes in place of a style a token: a third of the bytes. */
function highlight(code, language) {
  const lang = LANGUAGES.includes(language) || language === "typescript" ? language : "text";
  return highlighter
    .codeToHtml(code.trimEnd(), { lang, theme: "course" })
    .replace(/<pre class="shiki[^>]*>/, '<pre class="shiki" tabindex="0" v-pre>')
    .replace(/<span style="color:var\(--code-([a-z-]+)\)">/g, (_, name) =>
      name === "foreground" ? "<span>" : `<span class="c-${name.replace("token-", "")}">`,
    )
    .replace(/<span>([^<]*)<\/span>/g, "$1");
}

/** Formulas are skipped by the search; elsewhere they are none of Vue's business. */
function markdown(md) {
  md.use(katex, { throwOnError: true, strict: "ignore" });
  md.use(termCards, { terms, symbols, base });
  for (const name of ["math_inline", "math_block", "math_inline_block", "math_inline_bare_block"]) {
    const render = md.renderer.rules[name];
    if (!render) continue;
    md.renderer.rules[name] = (tokens, at, options, env, self) =>
      env.isSearched
        ? ""
        : render(tokens, at, options, env, self).replace(
            /^(<p[^>]*>)?<span /,
            (_, p = "") => `${p}<span v-pre `,
          );
  }
  md.renderer.rules.table_open = () => '<table tabindex="0">\n'; // a wide one is moved sideways, by the keyboard too
  const text = md.renderer.rules.text;
  md.renderer.rules.text = (...given) => text(...given).replaceAll("{{", "&#123;&#123;");
}

/** What the search looks through: headings and prose, neither code nor outputs; of the library its names alone. */
function searched(source, env, md) {
  const html = md.render(source, Object.assign(env, { isSearched: true }));
  if (env.relativePath.startsWith("reference/"))
    return (html.match(/<h([123])[\s\S]*?<\/h\1>/g) ?? []).join("\n");
  return html
    .replace(/<details[\s\S]*?<\/details>/g, "")
    .replace(/<div class="vt-(?:figure|open)[\s\S]*?<\/div>/g, "")
    .replace(/<pre[\s\S]*?<\/pre>/g, "");
}

const isRussian = ({ path }) => path.startsWith("ru/");

function sidebar(shown) {
  const groups = [...new Set(shown.map(({ group }) => group))];
  return groups.map((group) => ({
    text: group,
    items: shown
      .filter((page) => page.group === group)
      .map(({ title, path }) => ({ text: withoutGroup(title), link: `/${path}` })),
  }));
}

/** A deep dive's title without the words that stand above its group already. */
function withoutGroup(title) {
  const rest = title.replace(/^Deep dive\s*[:·]\s*/, "");
  return rest.charAt(0).toUpperCase() + rest.slice(1);
}

const first = (group) => pages.find((page) => page.group === group);
const nav = [["Course", "Chapters"], ["Deep dives"], ["Guides"], ["Reference", "Library"]].flatMap(
  ([text, group = text]) =>
    first(group)
      ? [{ text, link: `/${first(group).path}`, activeMatch: `^/${first(group).path.split("/")[0]}/` }]
      : [],
);

/** The Russian pages: their own sidebar and words, and the same chapters. */
function russian() {
  const own = pages.filter(isRussian);
  return {
    ...{ label: "Русский", lang: "ru", link: `/${own[0].path}` },
    description: "Вариационный вывод в торговле криптоактивами",
    themeConfig: {
      nav: own.map(({ title, path }) => ({ text: title, link: `/${path}` })),
      sidebar: sidebar([...own, ...pages.filter(({ group }) => group === "Chapters")]),
      ...{
        outline: { level: [2, 3], label: "На этой странице" },
        docFooter: { prev: "Назад", next: "Дальше" },
      },
      ...{ sidebarMenuLabel: "Меню", returnToTopLabel: "Наверх", langMenuLabel: "Язык" },
      ...{ darkModeSwitchLabel: "Тёмная тема", skipToContentLabel: "К содержанию" },
      ...{ darkModeSwitchTitle: "Включить тёмную тему", lightModeSwitchTitle: "Включить светлую тему" },
      footer: { message: "Только для обучения; ничто здесь не является финансовым советом. Лицензия MIT." },
    },
  };
}

const RUSSIAN_SEARCH = {
  button: { buttonText: "Поиск", buttonAriaLabel: "Поиск" },
  modal: {
    ...{ displayDetails: "Показать подробно", resetButtonTitle: "Очистить", backButtonTitle: "Закрыть" },
    ...{ noResultsText: "Ничего не найдено:" },
    footer: { selectText: "открыть", navigateText: "выбрать", closeText: "закрыть" },
  },
};

export default defineConfig({
  ...{ base, srcDir: sources, outDir: process.env.VITRADE_SITE_BUILT, cacheDir: join(sources, "../.cache") },
  title: "Variational Trading",
  description: "Variational inference for crypto trading, in notebooks whose figures come out again",
  locales: {
    root: { label: "English", lang: "en-GB" },
    ...(pages.some(isRussian) ? { ru: russian() } : {}),
  },
  cleanUrls: true,
  router: { prefetchLinks: false },
  metaChunk: true,
  markdown: { highlight, config: markdown, image: { lazyLoading: true } },
  themeConfig: {
    nav: [...nav, { text: "Notation", link: "/notation" }],
    sidebar: sidebar(pages.filter((page) => !isRussian(page))),
    i18nRouting: false,
    outline: { level: [2, 3] },
    search: {
      provider: "local",
      options: { _render: searched, detailedView: true, locales: { ru: { translations: RUSSIAN_SEARCH } } },
    },
    docFooter: { prev: "Previous", next: "Next" },
    footer: { message: "For education only; nothing here is financial advice. MIT licence." },
  },
  head: [["link", { rel: "icon", type: "image/svg+xml", href: `${base}icon.svg` }]],
  vue: { template: { transformAssetUrls: false } }, // addresses are whole as they are written
  vite: {
    build: { chunkSizeWarningLimit: 2000 },
    resolve: { preserveSymlinks: true },
    server: { fs: { strict: false } },
  },
});
