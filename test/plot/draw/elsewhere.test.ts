/** Figures drawn by another process are those that a kernel draws itself. */
import { mkdtempSync, rmSync } from "node:fs";
import { request, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { drawElsewhere, drawHere, serveDrawings } from "../../../lib/plot/draw/index.js";

const folder = mkdtempSync(join(tmpdir(), "vitrade-drawer-test-"));
const socket = join(folder, "socket");
let server: Server;
beforeAll(async () => {
  server = await serveDrawings(socket);
});
afterAll(() => {
  server.closeAllConnections();
  rmSync(folder, { recursive: true, force: true });
});

const size = { width: 400, height: 300 };
const drawing = (title: string) => ({
  json: JSON.stringify({
    data: [{ type: "scatter", x: [1, 2, 3], y: [1, 4, 9] }],
    layout: { title: { text: title } },
  }),
  size,
  scale: 1,
});

test("pictures asked for at once come back each to its own asker, with the bytes of one drawn here", async () => {
  const titles = ["one", "two", "three"];
  const elsewhere = await Promise.all(titles.map((title) => drawElsewhere(socket, drawing(title))));
  for (const [i, title] of titles.entries())
    expect(elsewhere[i]!.equals(await drawHere(drawing(title)))).toBe(true);
  expect(elsewhere[0]!.equals(elsewhere[1]!)).toBe(false);
});

test("what the drawer says of a figure is the error that drawing it here gives", async () => {
  const unknown = drawing("\u{10348}");
  const here = await drawHere(unknown).catch((error: Error) => error.message);
  await expect(drawElsewhere(socket, unknown)).rejects.toThrow(new RangeError(here as string));
  expect(here).toContain("U+10348");
});

test("where nobody listens the picture is drawn here", async () => {
  const png = await drawElsewhere(join(folder, "nobody"), drawing("one"));
  expect(png.equals(await drawHere(drawing("one")))).toBe(true);
});

test("a request that is no drawing gets an answer, and the next one its picture", async () => {
  const body = await fetchAt(socket, "no JSON");
  expect(body.status).toBe(422);
  expect(body.said).toContain("JSON");
  expect((await drawElsewhere(socket, drawing("one"))).length).toBeGreaterThan(1000);
});

function fetchAt(socketPath: string, sent: string): Promise<{ status: number | undefined; said: string }> {
  return new Promise((resolve, reject) => {
    request({ socketPath, method: "POST" }, (response) => {
      text(response).then((said) => resolve({ status: response.statusCode, said }), reject);
    })
      .on("error", reject)
      .end(sent);
  });
}
