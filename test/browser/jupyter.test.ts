import { readFileSync } from "node:fs";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { edit, hover, isDirty, keepScreenshot, openBrowser, wear } from "./support/browser.js";
import {
  type Application,
  type Server,
  startServer,
  type WorkFolder,
  workFolder,
} from "./support/jupyter.js";
import { missingForBrowser } from "./support/machine.js";
import { openable } from "./support/notebook.js";

const missing = missingForBrowser();
const reason = missing ? ` (left out: ${missing})` : "";
const EXTENSION = "vitrade-plotly";

describe.skipIf(missing)(`figures in Jupyter${reason}`, () => {
  let work: WorkFolder;
  let browser: Browser;
  let server: Server | undefined;
  let notebook: string;

  beforeAll(async () => {
    work = workFolder();
    notebook = await openable(work.folder);
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
    work.remove();
  });

  /** Starts a server of its own and hands over a tab that shows the notebook. */
  async function open(
    application: Application,
    options: { disabled?: string[]; blocked?: RegExp } = {},
  ): Promise<Page> {
    const disabled = options.disabled ?? [];
    await server?.stop();
    server = await startServer(work.folder, disabled);
    const tab = await browser.newPage({ viewport: { width: 1400, height: 1000 } });
    if (options.blocked) await tab.route(options.blocked, (route) => route.abort());
    await tab.goto(server.url(application, notebook));
    await tab.locator(".jp-OutputArea-output").first().waitFor({ timeout: 90_000 });
    return tab;
  }

  test.each<Application>(["lab", "notebook"])(
    "in %s a figure is alive, and hovering leaves the notebook as it is",
    async (application) => {
      const before = readFileSync(notebook);
      const tab = await open(application);
      const plot = tab.locator(`.${EXTENSION} .js-plotly-plot`).first();
      await plot.waitFor({ timeout: 60_000 });
      expect(await hover(tab, plot)).toMatch(/\d/);
      await keepScreenshot(tab, `${application}-hover`);
      expect(await plot.locator(".modebar-btn").count()).toBeGreaterThan(0);
      expect(await plot.locator('.modebar-btn[data-title*="hare"]').count()).toBe(0); // no button that uploads the figure
      await tab.waitForTimeout(1500);
      expect(await isDirty(tab)).toBe(false);
      expect(await tab.locator(".jp-mod-dirty").count()).toBe(0);
      expect(readFileSync(notebook).equals(before)).toBe(true);
      await edit(tab);
      expect(await isDirty(tab)).toBe(true); // so the check above can see a change
      await tab.close({ runBeforeUnload: false });
    },
  );

  test("a figure takes the width it gets", async () => {
    const tab = await open("notebook");
    const drawing = tab.locator(`.${EXTENSION} .js-plotly-plot .main-svg`).first();
    await drawing.waitFor({ timeout: 60_000 });
    const widthOf = async (): Promise<number> => (await drawing.boundingBox())!.width;
    const wide = await widthOf();
    await tab.setViewportSize({ width: 920, height: 1000 });
    await expect.poll(widthOf, { timeout: 10_000 }).toBeLessThan(wide - 50);
    await tab.close();
  });

  test("a second view of an output is a figure of its own", async () => {
    const tab = await open("lab");
    const plots = tab.locator(`.${EXTENSION} .js-plotly-plot`);
    await plots.first().waitFor({ timeout: 60_000 });
    const before = await plots.count();
    await plots.first().click({ button: "right", position: { x: 5, y: 5 } });
    await tab.getByText("Create New View for Cell Output").click();
    await expect.poll(() => plots.count(), { timeout: 20_000 }).toBe(before + 1);
    expect(await hover(tab, plots.last())).toMatch(/\d/);
    await keepScreenshot(tab, "lab-second-view");
    await tab.close();
  });

  test("when plotly.js does not come the picture stands for the figure", async () => {
    const tab = await open("lab", { blocked: /vitrade-plotly\/static\/plotly\.js/ });
    const picture = tab.locator(`.${EXTENSION} img[src^="data:image/png;base64,"]`).first();
    await picture.waitFor({ timeout: 60_000 });
    await tab.waitForTimeout(2000);
    expect((await picture.boundingBox())!.height).toBeGreaterThan(200);
    expect(await tab.locator(".js-plotly-plot").count()).toBe(0);
    await keepScreenshot(tab, "lab-without-plotly");
    await tab.close();
  });

  test("in lab the figures follow the theme, to dark and back to light, and the notebook stays as it is", async () => {
    const before = readFileSync(notebook);
    const tab = await open("lab");
    const plot = tab.locator(`.${EXTENSION} .js-plotly-plot`).first();
    await plot.waitFor({ timeout: 60_000 });
    const ground = () =>
      plot
        .locator("svg.main-svg")
        .first()
        .evaluate((svg) => getComputedStyle(svg).backgroundColor);
    expect(await ground()).toBe("rgb(255, 255, 255)");
    await wear(tab, "JupyterLab Dark");
    await expect.poll(ground, { timeout: 30_000 }).toBe("rgb(27, 27, 27)");
    await plot.scrollIntoViewIfNeeded();
    await keepScreenshot(tab, "lab-dark");
    await wear(tab, "JupyterLab Light");
    await expect.poll(ground, { timeout: 30_000 }).toBe("rgb(255, 255, 255)");
    await keepScreenshot(tab, "lab-light");
    expect(await isDirty(tab)).toBe(false);
    expect(readFileSync(notebook).equals(before)).toBe(true);
    await tab.close();
  });

  test.each<Application>(["lab", "notebook"])(
    "in %s without the extension the picture is shown",
    async (application) => {
      const tab = await open(application, { disabled: [EXTENSION] });
      const picture = tab.locator('.jp-OutputArea-output img[src^="data:image/png;base64,"]').first();
      await picture.waitFor({ timeout: 60_000 });
      expect((await picture.boundingBox())!.height).toBeGreaterThan(200);
      expect(await tab.locator(`.${EXTENSION}, .js-plotly-plot`).count()).toBe(0);
      await picture.scrollIntoViewIfNeeded();
      await keepScreenshot(tab, `${application}-without-extension`);
      await tab.close();
    },
  );
});
