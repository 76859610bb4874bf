/** The real kernel in the real Jupyter: names that one cell declares and another uses, and cells that print a flood. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Notebook, notebook, type Output } from "./notebooks.js";
import { type Outcome, type Project, temporaryProject } from "./project.js";

const lines = (count: number): string => `for (let i = 0; i < ${count}; i++) console.log("line", i);`;
const silence = `const loaded = Object.values(require.cache).find((m) => m?.filename.endsWith("tslab/dist/jupyter.js"));
loaded!.exports.ZmqServer.prototype.publishStatus = () => {};
console.log("half of it");`;

const sources = {
  "11-shorthand": ["const costs = 3;", "console.log(JSON.stringify({ costs }));"],
  "12-rename": [
    "const earlier = { a: 1, b: { c: 2 } };",
    "const { a: x, b: { c: y } } = earlier;",
    "console.log(x, y);",
  ],
  "13-closure": [
    "let lambda = 1;\nconst scale = (x: number): number => lambda * x;",
    "lambda = 10;\nconsole.log(scale(1));",
  ],
  "14-flood": [
    lines(1100),
    lines(20_000),
    `await null;\n${lines(3000)}\nawait new Promise((resolve) => setTimeout(resolve, 50));\nconsole.log("end");`,
    'console.log("x".repeat(5_000_000));',
    `import { display } from "tslab";
for (let i = 0; i < 1100; i++) {
  display.html(String(i));
  console.log("line", i);
}`,
    "for (let i = 0; i < 40; i++) display.png(new Uint8Array(200_000).fill(i));",
    'console.log("after");',
    `const bytes = Buffer.from("äöü\\n");
for (const byte of bytes) process.stdout.write(Buffer.from([byte]));
await new Promise<void>((resolve) => process.stdout.write("told\\n", () => resolve()));`,
  ],
  "15-errors": ['for (let i = 0; i < 1100; i++) console.error("wrong", i);'],
  "16-silent": [silence, 'console.log("not reached");'],
} as const;

type Name = keyof typeof sources;

let project: Project;
let outcome: Outcome;

const fileOf = (name: Name): string => path.join(project.folder, "notebooks", `${name}.ipynb`);

function outputsOf(name: Name): readonly (readonly Output[])[] {
  const { cells } = JSON.parse(readFileSync(fileOf(name), "utf8")) as Notebook;
  return (cells as { outputs: Output[] }[]).map((cell) => cell.outputs);
}

/** What one cell printed; a cell's text is one output, unless something else was shown in between. */
function textOf(name: Name, cell: number): string {
  return outputsOf(name)
    [cell]!.flatMap(({ text = [] }) => text)
    .join("");
}

const numbered = (count: number): string => Array.from({ length: count }, (_, i) => `line ${i}\n`).join("");

beforeAll(async () => {
  project = temporaryProject({ installed: true });
  for (const [name, cells] of Object.entries(sources)) {
    project.write(`notebooks/${name}.ipynb`, JSON.stringify(notebook(cells.map((source) => ({ source })))));
  }
  const names = Object.keys(sources).map((name) => name.slice(0, 2));
  outcome = await project.node(["scripts/reproduce.mjs", "--update", ...names], {
    VITRADE_CELL_TIMEOUT: "20",
  });
}, 600_000);

afterAll(() => project.remove());

describe("a name that an earlier cell declared", () => {
  test("is read by a shorthand property", () => {
    expect(textOf("11-shorthand", 1)).toBe('{"costs":3}\n');
  });

  test("is taken apart under other names", () => {
    expect(textOf("12-rename", 2)).toBe("1 2\n");
  });

  test("is seen by functions of its own cell with the value a later cell gave it", () => {
    expect(textOf("13-closure", 1)).toBe("10\n");
  });
});

describe("a cell that prints a flood", () => {
  test("loses none of 1,100 and of 20,000 lines, and none of those after it", () => {
    expect(textOf("14-flood", 0)).toBe(numbered(1100));
    expect(textOf("14-flood", 1)).toBe(numbered(20_000));
    expect(textOf("14-flood", 6)).toBe("after\n");
  });

  test("that goes on after a pause has no hole before the pause", () => {
    expect(textOf("14-flood", 2)).toBe(`${numbered(3000)}end\n`);
  });

  test("keeps a line of five million characters whole", () => {
    expect(textOf("14-flood", 3)).toBe(`${"x".repeat(5_000_000)}\n`);
  });

  test("keeps 1,100 displays and the lines between them in their order", () => {
    const shown = outputsOf("14-flood")[4]!.map(({ data, text }) => data?.["text/html"] ?? text);
    const expected = Array.from({ length: 1100 }, (_, i) => [[String(i)], [`line ${i}\n`]]).flat();
    expect(shown).toEqual(expected);
  });

  test("keeps eight million bytes of pictures", () => {
    const pictures = outputsOf("14-flood")[5]!.map(({ data }) =>
      Buffer.from(String(data?.["image/png"]), "base64"),
    );
    expect(pictures.map(({ length }) => length)).toEqual(new Array(40).fill(200_000));
    expect(pictures.map((picture) => picture[0])).toEqual(Array.from({ length: 40 }, (_, i) => i));
  });

  test("on standard error is reported as any other cell that writes there", () => {
    expect(outcome.out).toMatch(/15-errors\.ipynb wrote to standard error in cell 1:\n.*\n {4}wrong 0\n/);
  });

  test("writes characters that come byte by byte, and says when a piece was written", () => {
    expect(textOf("14-flood", 7)).toBe("äöü\ntold\n");
  });
});

describe("a cell whose end the kernel never tells", () => {
  test("is a failure, and what came of its output is not kept", () => {
    expect(outcome.out).toMatch(/16-silent\.ipynb lost output in cell 1:/);
    expect(outputsOf("16-silent")).toEqual([[], []]);
    expect(outcome.code).toBe(1);
  });
});

/** Interrupts a cell that prints for ever, runs another, then floods a client that does not read and shuts down. */
const interrupt = `
import json, os, threading, time
from jupyter_client.manager import KernelManager
km = KernelManager(kernel_name="tslab")
km.start_kernel(cwd=os.getcwd())
kc = km.client()
kc.start_channels()
kc.wait_for_ready(timeout=60)

def run(code, stop=False):
    sent, text = kc.execute(code), ""
    while True:
        message = kc.get_iopub_msg(timeout=60)
        if message["parent_header"].get("msg_id") != sent:
            continue
        content = message["content"]
        if message["msg_type"] == "stream" and content["name"] == "stdout":
            text += content["text"]
            if stop:
                threading.Timer(0.5, km.interrupt_kernel).start()
                stop = False
        if content.get("execution_state") == "idle":
            return text

text = run('for (let i = 0; ; i++) console.log("line", i);', stop=True)
count = text.count("\\n")
whole = text == "".join(f"line {i}\\n" for i in range(count))
time.sleep(1)
after = run('console.log("after");')
kc.iopub_channel.stop()
kc.execute('for (let i = 0; i < 100000; i++) console.log("line", i);')
kc.get_shell_msg(timeout=60)
started = time.monotonic()
km.shutdown_kernel()
print(json.dumps({"count": count, "whole": whole, "after": after, "seconds": time.monotonic() - started, "alive": km.has_kernel}))
`;

describe("a kernel in the middle of a flood", () => {
  test("is interrupted with no line lost, runs the next cell, and ends though nobody reads it", () => {
    const { python, prefix } = JSON.parse(
      readFileSync(path.join(project.folder, ".vitrade/jupyter.json"), "utf8"),
    ) as { python: string; prefix: string };
    const env = {
      ...process.env,
      JUPYTER_PATH: path.join(prefix, "share/jupyter"),
      JUPYTER_PREFER_ENV_PATH: "1",
    };
    const cwd = path.join(project.folder, "notebooks");
    const { stdout, stderr } = spawnSync(python, ["-c", interrupt], { cwd, env, encoding: "utf8" });
    expect(stderr).toBe("");
    const seen = JSON.parse(stdout) as Record<string, unknown>;
    expect(seen).toMatchObject({ whole: true, after: "after\n", alive: false });
    expect(seen.count).toBeGreaterThan(1100);
    expect(seen.seconds).toBeLessThan(10);
  });
});
