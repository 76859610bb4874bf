/**
 * `npm run site`: builds the course's site into `.vitrade/site/built`. `-- --serve` then serves it on this machine, `--port N` says
 * where, `--base /path/` builds for a host that has it below its root.
 */
import path from "node:path";
import { parseArgs } from "node:util";
import { root } from "./setup/paths.mjs";
import { Problem } from "./setup/say.mjs";
import { buildSite, siteFolder } from "./site/build.mjs";
import { serveSite } from "./site/server.mjs";

const USAGE = "npm run site [-- --serve [--port 4173]] [--base /path/]";

function options() {
  try {
    const { values } = parseArgs({
      options: {
        serve: { type: "boolean", default: false },
        port: { type: "string", default: "4173" },
        base: { type: "string", default: "/" },
      },
    });
    const port = Number(values.port);
    if (!Number.isInteger(port) || port < 0 || port > 65_535)
      throw new Problem(`--port: expected a port from 0 to 65535, got ${values.port}; ${USAGE}`);
    if (!/^\/([\w.-]+\/)*$/.test(values.base))
      throw new Problem(`--base: expected a path such as / or /course/, got ${values.base}; ${USAGE}`);
    return { ...values, port };
  } catch (error) {
    throw error instanceof Problem ? error : new Problem(`${error.message}; ${USAGE}`);
  }
}

try {
  const { serve, port, base } = options();
  const { pages, seconds } = await buildSite(base);
  console.log(`site: ${pages} pages in ${seconds.toFixed(1)} s, ${path.relative(root, siteFolder)}`);
  if (serve) {
    const { url } = await serveSite(siteFolder, { port, base });
    console.log(`site: ${url} (Ctrl-C ends it)`);
  }
} catch (error) {
  if (!(error instanceof Problem || error.code === "EADDRINUSE")) throw error;
  console.error(`site: ${error.message}`);
  process.exitCode = 1;
}
