/** The built site on a port of this machine, and what a page of it asks for. */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { findChromium, root } from "./machine.js";

export interface ServedSite {
  readonly url: string;
  close(): Promise<void>;
}

/** Why the site cannot be looked at here, and how to change it; undefined where it can. */
export function missingForSite(): string | undefined {
  if (findChromium()) return undefined;
  return "no Chromium: install it (apt-get install chromium), or name one in CHROMIUM";
}

/** Builds the site, or takes the built one that VITRADE_SITE names, and serves it. */
export async function servedSite(): Promise<ServedSite> {
  const built = process.env.VITRADE_SITE || join(root, ".vitrade/site/built");
  if (!process.env.VITRADE_SITE) {
    const options = { cwd: root, maxBuffer: 1 << 26 };
    await promisify(execFile)(process.execPath, [join(root, "scripts/site.mjs")], options);
  }
  if (!existsSync(join(built, "index.html"))) throw new Error(`${built}: expected a built site`);
  const { serveSite } = await import(join(root, "scripts/site/server.mjs"));
  return serveSite(built);
}

/** A tab that remembers what went wrong in it, whom it asked, and how many bytes came. */
export interface WatchedTab {
  readonly page: Page;
  /** Errors and warnings of the console, and exceptions. */
  readonly troubles: string[];
  /** Addresses of other hosts that it asked for. */
  readonly foreign: string[];
  /** Bytes that came over the wire so far. */
  bytes(): number;
  close(): Promise<void>;
}

export async function watchedTab(
  browser: Browser,
  site: ServedSite,
  options: BrowserContextOptions = {},
): Promise<WatchedTab> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  const troubles: string[] = [];
  const foreign: string[] = [];
  let bytes = 0;
  const network = await context.newCDPSession(page);
  await network.send("Network.enable");
  network.on("Network.loadingFinished", ({ encodedDataLength }) => {
    bytes += encodedDataLength;
  });
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") troubles.push(message.text());
  });
  page.on("pageerror", (error) => troubles.push(error.message));
  page.on("request", (request) => {
    const address = request.url();
    if (!address.startsWith(site.url) && !/^(data|blob):/.test(address)) foreign.push(address);
  });
  return { page, troubles, foreign, bytes: () => bytes, close: () => context.close() };
}
