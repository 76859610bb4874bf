import { pathToFileURL } from "node:url";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { keepScreenshot, openBrowser } from "./support/browser.js";
import { toHtml, type WorkFolder, workFolder } from "./support/jupyter.js";
import { missingForBrowser } from "./support/machine.js";
import { openable } from "./support/notebook.js";

const missing = missingForBrowser();

describe.skipIf(missing)(`the notebook as a page${missing ? ` (left out: ${missing})` : ""}`, () => {
  let work: WorkFolder;
  let browser: Browser;
  let page: string;

  beforeAll(async () => {
    work = workFolder();
    page = pathToFileURL(await toHtml(await openable(work.folder))).href;
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    work.remove();
  });

  test("without scripts every figure is a picture", async () => {
    const context = await browser.newContext({
      javaScriptEnabled: false,
      viewport: { width: 1100, height: 900 },
    });
    const tab = await context.newPage();
    await tab.goto(page);
    const pictures = tab.locator('.jp-OutputArea-output img[src^="data:image/png;base64,"]');
    expect(await pictures.count()).toBeGreaterThan(0);
    for (const picture of await pictures.all()) {
      const box = await picture.boundingBox();
      expect(box?.height).toBeGreaterThan(200);
      expect(box?.width).toBeGreaterThan(400);
    }
    await pictures.first().scrollIntoViewIfNeeded();
    await keepScreenshot(tab, "page-without-scripts");
    await context.close();
  });
});
