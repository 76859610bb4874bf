import { readFileSync } from "node:fs";
import path from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { type Project, root, script, temporaryProject, toolFolder } from "./project.js";

const projects: Project[] = [];

function project(): Project {
  const made = temporaryProject();
  projects.push(made);
  return made;
}

afterEach(() => {
  for (const made of projects.splice(0)) made.remove();
});

/** The one line setup leaves on standard error, without the name of the program. */
function lineOf(err: string): string {
  const lines = err.trim().split("\n");
  expect(lines).toHaveLength(1);
  return lines[0]!.replace(/^setup: /, "");
}

describe("the version of Node", () => {
  type Node = { nodeProblem(version: string): string };

  test("a Node that cannot load ES modules from CommonJS is named, with what to install", async () => {
    const { nodeProblem } = await script<Node>("setup/node.mjs");
    for (const version of ["12.22.12", "18.20.8", "20.18.3", "21.7.3", "22.12.0", "23.11.1"]) {
      expect(nodeProblem(version)).toMatch(
        new RegExp(`^Node ${version} will not do: Node 20\\.19 .*nodejs\\.org`),
      );
    }
  });

  test("the lines the course is tested on are accepted", async () => {
    const { nodeProblem } = await script<Node>("setup/node.mjs");
    for (const version of ["20.19.0", "20.20.2", "22.13.0", "24.0.0", "26.1.0"])
      expect(nodeProblem(version)).toBe("");
  });

  test("the files read before the check keep to syntax that an old Node parses", () => {
    for (const name of ["setup.mjs", "setup/node.mjs"]) {
      const text = readFileSync(path.join(root, "scripts", name), "utf8");
      expect(text).not.toMatch(/\?\.|\?\?|\bawait\b|\|\|=/);
    }
  });
});

describe("Python", () => {
  async function failureWith(python?: string): Promise<string> {
    const made = project();
    const { code, err } = await made.node(["scripts/setup.mjs"], { PATH: toolFolder(made, python) });
    expect(code).toBe(1);
    return lineOf(err);
  }

  test("without Python, setup names the packages to install, before it downloads anything", async () => {
    expect(await failureWith()).toMatch(/^Python is missing: .*apt-get install python3 python3-venv/);
  });

  test("a Python that is too old is named with its version", async () => {
    expect(await failureWith("vitrade 3.8 1 /usr/bin/python3.8")).toMatch(
      /^Python 3\.8 is too old: Python 3\.9/,
    );
  });

  test("a Python without venv leads to Debian's python3-venv", async () => {
    expect(await failureWith("vitrade 3.11 0 /usr/bin/python3.11")).toMatch(
      /venv module.*apt-get install python3-venv/,
    );
  });

  test("a VITRADE_JUPYTER that is not there is named", async () => {
    const made = project();
    const { code, err } = await made.node(["scripts/setup.mjs"], { VITRADE_JUPYTER: "/nowhere/jupyter" });
    expect(code).toBe(1);
    expect(lineOf(err)).toMatch(/^VITRADE_JUPYTER names \/nowhere\/jupyter, which is not there/);
  });
});

/** An npm that says `text` and ends with `code`. */
function fakeNpm(made: Project, text: string, code: number): string {
  made.write("npm-cli.js", `console.error(${JSON.stringify(text)}); process.exitCode = ${code};`);
  return path.join(made.folder, "npm-cli.js");
}

describe("npm", () => {
  test("an unreachable registry is one line about the network", async () => {
    const made = project();
    const env = {
      npm_config_registry: "http://127.0.0.1:9",
      npm_config_cache: path.join(made.folder, "cache"),
    };
    const { code, err } = await made.node(["scripts/setup.mjs"], env);
    expect(code).toBe(1);
    expect(lineOf(err)).toMatch(/^npm cannot reach its registry: check the network/);
  });

  test("a disk that fills up during the download is one line about the disk", async () => {
    const made = project();
    const npm = fakeNpm(made, "npm error code ENOSPC\nnpm error nospc no space left on device", 1);
    const { code, err } = await made.node(["scripts/setup.mjs"], { npm_execpath: npm });
    expect(code).toBe(1);
    expect(lineOf(err)).toBe("The disk is full: make about 2.5 GB free and run the command again.");
  });

  test("a setup that did not finish is said to be repaired, by npm ci once more", async () => {
    const made = project();
    const npm = fakeNpm(made, "npm error code EUSAGE", 1);
    const first = await made.node(["scripts/setup.mjs"], { npm_execpath: npm });
    expect(first.out).not.toContain("did not finish");
    const second = await made.node(["scripts/setup.mjs"], { npm_execpath: npm });
    expect(second.out).toContain("an earlier setup did not finish: repairing node_modules");
    expect(lineOf(second.err)).toBe("npm ci failed (code EUSAGE). Details: .vitrade/npm.log");
  });
});

describe("the disk", () => {
  test("too little room is said before anything is downloaded", async () => {
    const { checkDisk } = await script<{ checkDisk(needed: number, free: () => number): void }>(
      "setup/disk.mjs",
    );
    expect(() => checkDisk(2.5e9, () => 3e9)).not.toThrow();
    expect(() => checkDisk(2.5e9, () => 0.4e9)).toThrow(
      "The disk has 0.4 GB free and setup needs 2.5 GB: make room",
    );
  });
});

describe("pip", () => {
  type Explain = { explainPip(output: string, reachable?: boolean): string };
  type Pip = {
    pipOptions(python: string): Promise<{ args: string[]; env: Record<string, string>; reachable: boolean }>;
  };
  const python = path.join(root, ".venv/bin/python");

  async function optionsWith(env: Record<string, string>) {
    const before = { ...process.env };
    for (const name of Object.keys(process.env)) if (/^PIP_|_proxy$/i.test(name)) delete process.env[name];
    Object.assign(process.env, { PIP_CONFIG_FILE: "/dev/null", ...env });
    try {
      return await (await script<Pip>("setup/pip.mjs")).pipOptions(python);
    } finally {
      process.env = before;
    }
  }

  test("an index that does not answer is left out while another one does", async () => {
    const local = `file://${root}`;
    const { args, reachable } = await optionsWith({
      PIP_INDEX_URL: "http://127.0.0.1:9/simple",
      PIP_EXTRA_INDEX_URL: local,
    });
    expect(reachable).toBe(true);
    expect(args.join(" ")).toContain(`--retries 0`);
    expect(args.join(" ")).toContain(`--index-url ${local}`);
  });

  test("without any index that answers, the failure is one of the network", async () => {
    const { reachable } = await optionsWith({ PIP_INDEX_URL: "http://127.0.0.1:9/simple" });
    expect(reachable).toBe(false);
    const { explainPip } = await script<Explain>("setup/explain.mjs");
    expect(explainPip("ERROR: No matching distribution found for jupyterlab", reachable)).toMatch(
      /^pip cannot reach/,
    );
  });

  test("a package without a release for this Python is named", async () => {
    const { explainPip } = await script<Explain>("setup/explain.mjs");
    expect(explainPip("ERROR: No matching distribution found for jupyterlab<5,>=4.2")).toMatch(
      /^pip finds no version of jupyterlab/,
    );
    expect(explainPip("OSError: [Errno 28] No space left on device")).toMatch(/^The disk is full/);
  });
});

describe("the lock", () => {
  const hold = `import("./scripts/setup/lock.mjs").then(async ({ takeLock }) => {
    const release = await takeLock();
    const { appendFileSync } = await import("node:fs");
    appendFileSync("log", "in ");
    await new Promise((resolve) => setTimeout(resolve, 50));
    appendFileSync("log", "out ");
    release();
  });`;
  const log = (made: Project): string => readFileSync(path.join(made.folder, "log"), "utf8");

  test("one left by a process that is gone is taken over", async () => {
    const made = project();
    const gone = await made.node(["-p", "process.pid"]);
    made.write(".vitrade/setup.lock", gone.out);
    await made.node(["-e", hold]);
    expect(log(made)).toBe("in out ");
  });

  test("setups started together work one after the other", async () => {
    const made = project();
    await Promise.all(Array.from({ length: 5 }, () => made.node(["-e", hold])));
    expect(log(made)).toBe("in out ".repeat(5));
  });

  test("while another setup runs, the wait is explained", async () => {
    const made = project();
    made.write(".vitrade/setup.lock", `${process.pid}\n`);
    const waiting = made.node(["-e", hold]);
    setTimeout(() => made.node(["-e", `require("fs").rmSync(".vitrade/setup.lock")`]), 400);
    expect((await waiting).out).toContain(
      `another setup of this project is running (process ${process.pid}): waiting`,
    );
  });
});
