/** The page of a paper run on the loopback exchange, and the report of a backtest, in a real browser. */
import type { ChildProcess } from "node:child_process";
import { pathToFileURL } from "node:url";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { compileProgram, outcomeOf, type Program } from "../cli/program.js";
import { keepScreenshot, openBrowser } from "./support/browser.js";
import { missingForSite } from "./support/site.js";

const missing = missingForSite();
const SETTINGS = `
model: { latentDim: 4, hidden: [16], headWidth: 8 }
training: { epochs: 3, warmUpEpochs: 1, batchSize: 64, learningRate: 0.003 }
data: { sequenceLength: 24, predictionHorizon: 4 }
`;

describe.skipIf(missing)(`pages of the commands${missing ? ` (left out: ${missing})` : ""}`, () => {
  let program: Program;
  let browser: Browser;

  beforeAll(async () => {
    program = compileProgram();
    program.write("vitrade.yaml", SETTINGS);
    await program.run(
      ..."prepare --symbols BTCUSDT,ETHUSDT --no-flow --bars 1200 --out a.dataset".split(" "),
    );
    await program.run(..."train --data a.dataset --replicas 2 --out a.model".split(" "));
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    program?.remove();
  });

  const start = (journal: string, port = "0") =>
    program.start(
      ...`live --model a.model --journal ${journal} --bars 400 --pace 100 --rule sign --page ${port}`.split(
        " ",
      ),
    );

  test("the page follows a run, and only the printed token makes it flat for good", async () => {
    const run = start("a.journal");
    const ended = outcomeOf(run);
    const { url, token } = await announced(run);
    const page = await browser.newPage({ viewport: { width: 1100, height: 1000 } });
    const foreign: string[] = [];
    page.on("request", (request) => !request.url().startsWith(url) && foreign.push(request.url()));
    await page.goto(url);
    await page.locator("#positions tr").nth(1).waitFor();
    await expect.poll(() => page.locator("#tail").textContent(), { timeout: 30_000 }).toMatch(/BTCUSDT/);
    const early = await page.locator("#span").textContent();
    await expect.poll(() => page.locator("#span").textContent(), { timeout: 30_000 }).not.toBe(early);
    await keepScreenshot(page, "live-page");

    await page.locator("#token").fill("not-the-token");
    await page.locator("#kill button").click();
    await expect.poll(() => page.locator("#answer").textContent()).toContain("not the token");
    expect(await page.locator("#state").textContent()).toContain("running on paper");
    await page.locator("#token").fill(token);
    await page.locator("#kill button").click();
    await expect.poll(() => page.locator("#state").textContent()).toContain("flat for good");
    await expect.poll(() => page.locator("#positions tr").first().textContent()).toMatch(/BTCUSDT-?0\.0 %/);
    await keepScreenshot(page, "live-page-killed");
    expect(foreign).toEqual([]);
    run.kill("SIGTERM");
    await ended;
    await page.close();
  });

  test("a run that starts again is shown with its past, on the page that waited for it", async () => {
    const first = start("b.journal");
    const ended = outcomeOf(first);
    const { url } = await announced(first);
    const page = await browser.newPage();
    await page.goto(url);
    const closes = async () => Number.parseInt((await page.locator("#span").textContent()) || "0", 10);
    await expect.poll(closes, { timeout: 30_000 }).toBeGreaterThan(15);
    first.kill("SIGTERM");
    await ended;
    await expect.poll(() => page.locator("#state").textContent()).toContain("does not answer");
    const before = await closes();
    const second = start("b.journal", new URL(url).port);
    const over = outcomeOf(second);
    await expect.poll(() => page.locator("#state").textContent(), { timeout: 30_000 }).toContain("running");
    await expect.poll(closes, { timeout: 30_000 }).toBeGreaterThan(before);
    second.kill("SIGTERM");
    await over;
    await page.close();
  });

  test("no other host's name, no form and no guess gets at the switch", async () => {
    const run = start("c.journal");
    const ended = outcomeOf(run);
    const { url, token } = await announced(run);
    const { request } = await import("node:http");
    const status = (path: string, headers: Record<string, string>, body?: string) =>
      new Promise<number>((resolve, reject) => {
        const asked = request(new URL(path, url), { method: body === undefined ? "GET" : "POST", headers });
        asked.on("response", (answer) => {
          answer.resume();
          resolve(answer.statusCode!);
        });
        asked.on("error", reject);
        asked.end(body);
      });
    const json = { "content-type": "application/json" };
    expect(await status("/", { host: "evil.example" })).toBe(403);
    expect(await status("/kill", { ...json, host: "evil.example" }, JSON.stringify({ token }))).toBe(403);
    expect(await status("/kill", { "content-type": "text/plain" }, JSON.stringify({ token }))).toBe(415);
    for (const body of ["", "{", '{"token":1}', '{"token":""}', JSON.stringify({ token: `${token}x` })])
      expect(await status("/kill", json, body), body).toBe(403);
    run.kill("SIGTERM");
    await ended;
  });

  test("the report of a backtest opens alone: its figures come alive and nobody is asked", async () => {
    await program.run(..."predict --model a.model --data a.dataset --out f.json".split(" "));
    const words = "backtest --predictions f.json --data a.dataset --rule sign --variants 5 --report r.html";
    const { code, err } = await program.run(...words.split(" "));
    expect(code, err).toBe(0);
    const address = pathToFileURL(program.file("r.html")).href;
    const still = await browser.newContext({ javaScriptEnabled: false });
    const picture = (await still.newPage()).locator(".figure img").first();
    await picture.page().goto(address);
    expect((await picture.boundingBox())?.height).toBeGreaterThan(200);
    await still.close();
    const page = await browser.newPage({ viewport: { width: 1100, height: 900 } });
    const [troubles, foreign]: [string[], string[]] = [[], []];
    page.on("console", (message) => troubles.push(message.text()));
    page.on("request", (request) => !/^(file|data|blob):/.test(request.url()) && foreign.push(request.url()));
    await page.goto(address);
    await page.locator(".figure .js-plotly-plot").last().waitFor({ timeout: 60_000 });
    await expect.poll(() => page.locator(".figure img").count()).toBe(0);
    await keepScreenshot(page, "report");
    expect({ troubles, foreign }).toEqual({ troubles: [], foreign: [] });
    await page.close();
  });
});

/** Address and token that a run says when its page is open. */
function announced(run: ChildProcess): Promise<{ url: string; token: string }> {
  return new Promise((resolve, reject) => {
    let said = "";
    run.stderr!.on("data", (chunk) => {
      said += chunk;
      const found = /page (http:\/\/127\.0\.0\.1:\d+\/) · token of the kill button (\S+)/.exec(said);
      if (found) resolve({ url: found[1]!, token: found[2]! });
    });
    run.on("close", (code) => reject(new Error(`ended with ${code}: ${said}`)));
  });
}
