/** The course's site: how long it takes to build, what a chapter weighs, and when its first content and figure are there. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { bench } from "vitest";
import { openBrowser } from "../test/browser/support/browser.js";
import { root } from "../test/browser/support/machine.js";
import { missingForSite, servedSite, watchedTab } from "../test/browser/support/site.js";

const missing = missingForSite();

if (missing) console.log(`bench: the site is left out, ${missing}`);

bench.skipIf(missing)(
  "build, weight, first content, first figure",
  async () => {
    const started = performance.now();
    if (!process.env.VITRADE_SITE) execFileSync(process.execPath, [join(root, "scripts/site.mjs")]);
    console.log(`built in ${((performance.now() - started) / 1000).toFixed(1)} s`);
    process.env.VITRADE_SITE ||= join(root, ".vitrade/site/built");
    const site = await servedSite();
    const browser = await openBrowser();
    const { pages } = JSON.parse(readFileSync(join(root, "site/.sources/pages.json"), "utf8"));
    for (const { path, group } of pages as { path: string; group: string }[]) {
      if (group !== "Chapters") continue;
      const tab = await watchedTab(browser, site);
      await tab.page.goto(`${site.url}${path}`, { waitUntil: "networkidle" });
      const paint = await tab.page.waitForFunction(
        () => performance.getEntriesByName("first-contentful-paint")[0]?.startTime,
      );
      const bytes = tab.bytes();
      const looked = performance.now();
      await tab.page.mouse.move(200, 200);
      await tab.page.locator(".vt-figure[data-figure]").first().scrollIntoViewIfNeeded();
      await tab.page.locator(".vt-figure[data-alive]").first().waitFor();
      const figure = performance.now() - looked;
      const row = [`${Math.round(bytes / 1000)} kB`, `${Math.round(Number(await paint.jsonValue()))} ms`];
      console.log(
        `${path}: ${row.join(", first content ")}, first figure ${Math.round(figure)} ms after it is looked at`,
      );
      await tab.close();
    }
    await browser.close();
    await site.close();
  },
  { iterations: 1, time: 0, warmupIterations: 0, warmupTime: 0, throws: true },
);
