/** The browser of the tests, and what they do in it. */
import { mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, chromium, type Locator, type Page } from "playwright-core";
import { findChromium } from "./machine.js";

const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export function openBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: findChromium()!, args: FLAGS });
}

/** Keeps what the page shows, for a person to look at. */
export async function keepScreenshot(page: Page, name: string): Promise<void> {
  const folder = process.env.VITRADE_SCREENSHOTS || join(tmpdir(), "vitrade-screenshots");
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`) });
}

/** Touches the middle of the first line of `words`: words broken over two lines have the paragraph in their middle. */
export async function touch(page: Page, words: Locator): Promise<void> {
  await words.scrollIntoViewIfNeeded();
  const [x, y] = await words.evaluate((element) => {
    const line = element.getClientRects()[0]!;
    return [line.x + line.width / 2, line.y + line.height / 2] as const;
  });
  await page.touchscreen.tap(x, y);
}

/** Moves the mouse over `plot` until a label appears, and tells what it says. */
export async function hover(page: Page, plot: Locator): Promise<string> {
  await plot.scrollIntoViewIfNeeded();
  const label = plot.locator(".hoverlayer .hovertext");
  const box = (await plot.locator(".nsewdrag").first().boundingBox())!;
  for (let column = 1; column < 40; column++) {
    for (let row = 1; row < 10; row++) {
      await page.mouse.move(box.x + (column * box.width) / 40, box.y + (row * box.height) / 10);
      if ((await label.count()) > 0) return (await label.first().textContent()) ?? "";
    }
  }
  throw new Error("no label appeared anywhere over the figure");
}

/** A notebook's model as far as the tests need it. */
interface Model {
  dirty: boolean;
  sharedModel: { cells: { setSource(source: string): void }[] };
}

interface ApplicationWindow {
  jupyterapp: {
    shell: { currentWidget: { context: { model: Model } } };
    commands: { execute(name: string, args?: object): Promise<unknown> };
  };
}

/** Whether the open notebook has changes to save. */
export function isDirty(page: Page): Promise<boolean> {
  return page.evaluate(() => {
    const { jupyterapp } = globalThis as unknown as ApplicationWindow;
    return jupyterapp.shell.currentWidget.context.model.dirty;
  });
}

/** Changes the source of the first cell. */
export function edit(page: Page): Promise<void> {
  return page.evaluate(() => {
    const { jupyterapp } = globalThis as unknown as ApplicationWindow;
    jupyterapp.shell.currentWidget.context.model.sharedModel.cells[0]!.setSource("// edited");
  });
}

/** Puts a theme of JupyterLab on. */
export function wear(page: Page, theme: string): Promise<unknown> {
  return page.evaluate((name) => {
    const { jupyterapp } = globalThis as unknown as ApplicationWindow;
    return jupyterapp.commands.execute("apputils:change-theme", { theme: name });
  }, theme);
}
