/** Serves the built site on this machine alone, compressed as a web host does it. */
import { createReadStream, existsSync, statSync } from "node:fs";
import { createServer } from "node:http";
import path from "node:path";
import { createGzip } from "node:zlib";

const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".woff2": "font/woff2",
  ".woff": "font/woff",
  ".ttf": "font/ttf",
};
const COMPRESSED = new Set([".html", ".js", ".css", ".json", ".svg"]);

/**
 * @param folder  of the built site
 * @param options  `port` (0: any that is free) and the site's path `base`
 * @returns {Promise<{url: string, close: () => Promise<void>}>}
 */
export function serveSite(folder, { port = 0, base = "/" } = {}) {
  const server = createServer((request, response) => answer(folder, base, request, response));
  return new Promise((resolve, reject) => {
    server.on("error", reject);
    server.listen(port, "127.0.0.1", () => {
      resolve({
        url: `http://127.0.0.1:${server.address().port}${base}`,
        close: () =>
          new Promise((done) => {
            server.close(() => done());
            server.closeAllConnections();
          }),
      });
    });
  });
}

function answer(folder, base, request, response) {
  const asked = new URL(request.url ?? "/", "http://127.0.0.1").pathname;
  const found =
    request.method === "GET" || request.method === "HEAD" ? fileOf(folder, base, asked) : undefined;
  const file = found ?? path.join(folder, "404.html");
  if (!existsSync(file)) {
    response.writeHead(404).end();
    return;
  }
  const ending = path.extname(file);
  const zipped = COMPRESSED.has(ending) && /\bgzip\b/.test(request.headers["accept-encoding"] ?? "");
  response.writeHead(found ? 200 : 404, {
    "content-type": TYPES[ending] ?? "application/octet-stream",
    "cache-control": "no-cache",
    ...(zipped ? { "content-encoding": "gzip" } : { "content-length": statSync(file).size }),
  });
  if (request.method === "HEAD") {
    response.end();
    return;
  }
  const content = createReadStream(file);
  content.on("error", () => response.destroy());
  if (zipped) content.pipe(createGzip()).pipe(response);
  else content.pipe(response);
}

/** The file of an address, that of a page without its ending too; none outside the folder. */
function fileOf(folder, base, asked) {
  if (!asked.startsWith(base)) return undefined;
  let name;
  try {
    name = decodeURIComponent(asked.slice(base.length));
  } catch {
    return undefined;
  }
  const file = path.join(folder, name);
  if (file !== folder && !file.startsWith(`${path.resolve(folder)}${path.sep}`)) return undefined;
  return [file, `${file}.html`, path.join(file, "index.html")].find(
    (candidate) => existsSync(candidate) && statSync(candidate).isFile(),
  );
}
