/**
 * `npm run setup:native`: makes the native backend of TensorFlow.js available where the download of its own library fails,
 * by building its binding against the library inside TensorFlow's Python package. Needs Python 3.9 or newer with pip, a C++ compiler and make.
 *
 * Everything lies in .vitrade/native, one link to it in node_modules. `npm ci` takes the link away: run this again then.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import path from "node:path";
import { inMemory, inRoot } from "./setup/paths.mjs";
import { run, runShown } from "./setup/run.mjs";
import { Problem, say } from "./setup/say.mjs";

const folder = inMemory("native");
const wheel = path.join(folder, "python");
const addon = path.join(folder, "tfjs-node-native");
const link = inRoot("node_modules", "tfjs-node-native");
const libraries = {
  "libtensorflow_cc.so.2": "libtensorflow.so",
  "libtensorflow_framework.so.2": "libtensorflow_framework.so",
};

/** The version that lib/package.json asks for, such as 4.22.0. */
function version() {
  const { optionalDependencies } = JSON.parse(readFileSync(inRoot("lib/package.json"), "utf8"));
  return optionalDependencies["tfjs-node-native"].split("@").at(-1);
}

async function step(title, command, args, options) {
  const { ok, output } = await runShown(title, "native", command, args, options);
  if (!ok)
    throw new Problem(
      `${title}: it failed. Its last words:\n${output.trim().split("\n").slice(-12).join("\n")}`,
    );
}

/** Whether the add-on in node_modules loads: asked in a process of its own. */
async function works() {
  return (await run(process.execPath, [inRoot("scripts/native-check.cjs")])).ok;
}

async function fetchLibrary() {
  if (existsSync(path.join(wheel, "tensorflow/libtensorflow_cc.so.2"))) return;
  const pip = [
    "-m",
    "pip",
    "install",
    "--quiet",
    "--retries",
    "1",
    "--no-deps",
    "--target",
    wheel,
    "tensorflow_cpu",
  ];
  await step("TensorFlow's library, from its Python package", process.env.VITRADE_PYTHON ?? "python3", pip);
}

async function fetchAddon() {
  if (existsSync(path.join(addon, "node_modules"))) return;
  rmSync(addon, { recursive: true, force: true });
  mkdirSync(addon, { recursive: true });
  await step("the add-on's sources", "npm", ["pack", "--silent", `@tensorflow/tfjs-node@${version()}`], {
    cwd: folder,
  });
  const archive = readdirSync(folder).find((name) => name.endsWith(".tgz"));
  await step("unpacking them", "tar", ["xzf", archive, "--strip-components=1", "-C", addon], { cwd: folder });
  const quiet = ["--ignore-scripts", "--omit=dev", "--no-audit", "--no-fund", "--loglevel=error"];
  await step("the add-on's own packages", "npm", ["install", ...quiet], { cwd: addon });
  rmSync(path.join(addon, "node_modules/@tensorflow"), { recursive: true, force: true }); // the project's one engine serves
}

async function build() {
  const libraryFolder = path.join(addon, "deps/lib");
  mkdirSync(libraryFolder, { recursive: true });
  const relink = (target, at) => {
    rmSync(at, { force: true });
    symlinkSync(target, at);
  };
  relink(path.join(wheel, "tensorflow/include"), path.join(addon, "deps/include"));
  for (const [file, name] of Object.entries(libraries)) {
    relink(path.join(wheel, "tensorflow", file), path.join(libraryFolder, file));
    relink(file, path.join(libraryFolder, name));
  }
  const command = path.join(addon, "node_modules/.bin/node-pre-gyp");
  await step("compiling the binding", command, ["install", "--build-from-source"], { cwd: addon });
}

async function main() {
  if (await works()) return say("the native backend is there already");
  if (process.platform !== "linux")
    throw new Problem(
      "setup:native knows Linux only; elsewhere reinstall where tfjs-node can download its library",
    );
  mkdirSync(folder, { recursive: true });
  await fetchLibrary();
  await fetchAddon();
  await build();
  rmSync(link, { recursive: true, force: true });
  symlinkSync(addon, link);
  if (!(await works()))
    throw new Problem("the binding was built and does not load; see scripts/native-check.cjs");
  say("the native backend is ready: VITRADE_BACKEND=native");
}

main().catch((error) => {
  console.error(`setup: ${error instanceof Problem ? error.message : error.stack}`);
  process.exitCode = 1;
});
