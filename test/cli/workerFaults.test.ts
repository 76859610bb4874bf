/** `vitrade worker` on a network that is cut, over TLS, and on a disk that is full: the table is that of a local run. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { decodeTable, OF_MACHINE } from "../../lib/sweep/results/resultTable.js";
import { hasHosts, hasMounts, NEEDS_HOSTS, NEEDS_MOUNTS, smallDisk, twoHosts } from "../sweep/machine.js";
import { freePort, hasRedis, NEEDS, startRedis } from "../sweep/redis.js";
import { compiledLibrary, compileProgram, outcomeOf, type Program } from "./program.js";

let program: Program;
const ended: (() => unknown)[] = [];
const main = () => join(compiledLibrary(), "lib/dist/cli/main.js");

/** 32 networks in 16 stacks, 60 ms each. */
const STUDY = (name: string) => `
name: ${name}
data: { sha256: ${"ab".repeat(32)} }
model: none
settings: { milliseconds: 30 }
search: { grid: { beta: [${Array.from({ length: 16 }, (_, i) => i).join(", ")}] } }
seeds: 2
budget: { stackNetworks: 2 }
`;

beforeAll(() => {
  if (hasRedis) program = compileProgram();
}, 300_000);
afterEach(async () => {
  for (const end of ended.splice(0).reverse()) await end();
});
afterAll(() => program?.remove());

function watched(child: ChildProcess): ChildProcess {
  ended.push(() => child.kill("SIGKILL"));
  return child;
}

/** The program with words before it and more in its environment. */
function started(
  words: readonly string[],
  { before = [] as readonly string[], env = {} } = {},
): ChildProcess {
  const [command, ...rest] = [...before, process.execPath, main(), ...words];
  return watched(
    spawn(command!, rest, { cwd: program.folder, env: { ...process.env, VITRADE_BACKEND: "wasm", ...env } }),
  );
}

async function table(out: string): Promise<string> {
  const rows = await decodeTable(readFileSync(program.file(`${out}/networks.parquet`)));
  return JSON.stringify(
    rows.map((row) => Object.entries(row).filter(([name]) => !OF_MACHINE.includes(name))),
  );
}

/** The table of a study trained here. */
async function local(study: string): Promise<string> {
  const out = `${study}-local`;
  expect(await program.run("sweep", "--study", study, "--out", out)).toMatchObject({ code: 0 });
  return table(out);
}

/** The stacks that are kept; none before the planner has made its folder. */
function partsOf(out: string): readonly string[] {
  const folder = program.file(`${out}/parts`);
  return existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(".json")) : [];
}
const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe.skipIf(!hasRedis || !hasHosts)(`two hosts${NEEDS}${NEEDS_HOSTS}`, () => {
  test("with the cable pulled for a second, twice, in the middle of a study give the local table", async () => {
    program.write("cable.yaml", STUDY("cable"));
    const expected = await local("cable.yaml");
    const hosts = twoHosts();
    ended.push(() => hosts.remove());
    const [command, ...words] = [...hosts.on(0), "redis-server", "--port", "6399", "--bind", "0.0.0.0"];
    const redis = watched(spawn(command!, [...words, "--protected-mode", "no", "--save", ""]));
    await new Promise<void>((resolve) => {
      redis.stdout!.on("data", (text) => {
        if (String(text).includes("Ready to accept")) resolve();
      });
    });
    const queue = (address: string) => ["--queue", `redis://${address}:6399`];
    const study = ["sweep", "--study", "cable.yaml", "--out", "cable"];
    const done = outcomeOf(started([...study, ...queue("127.0.0.1")], { before: hosts.on(0) }));
    started(["worker", "--lease", "1", ...queue(hosts.address)], { before: hosts.on(1) });
    for (const parts of [3, 9]) {
      while (partsOf("cable").length < parts) await wait(20);
      hosts.plug("out");
      await wait(1000);
      hosts.plug("in");
    }
    expect((await done).code).toBe(0);
    expect(await table("cable")).toBe(expected);
  }, 300_000);
});

describe.skipIf(!hasRedis)(`a queue over TLS${NEEDS}`, () => {
  /** A certificate of its own maker, for the name localhost alone. */
  function certificates(name: string): {
    readonly maker: string;
    readonly own: string;
    readonly key: string;
  } {
    const [maker, own, key] = ["ca.pem", "own.pem", "own.key"].map((file) => program.file(`${name}-${file}`));
    const openssl = (words: string) => execFileSync("openssl", words.split(" "), { stdio: "pipe" });
    const ca = `-newkey rsa:2048 -nodes -days 2 -subj /CN=${name}`;
    openssl(`req -x509 ${ca} -keyout ${maker}.key -out ${maker}`);
    const of = `-CA ${maker} -CAkey ${maker}.key -addext subjectAltName=DNS:localhost`;
    openssl(`req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -keyout ${key} -out ${own} ${of}`);
    return { maker: maker!, own: own!, key: key! };
  }

  test("is trusted by the maker of its certificate alone, and gives the local table", async () => {
    program.write("secure.yaml", STUDY("secure"));
    const expected = await local("secure.yaml");
    const [mine, other] = [certificates("mine"), certificates("other")];
    const port = await freePort();
    const files = ["--tls-cert-file", mine.own, "--tls-key-file", mine.key, "--tls-ca-cert-file", mine.maker];
    const redis = await startRedis("--tls-port", String(port), "--tls-auth-clients", "no", ...files);
    ended.push(() => redis.stop());
    const worker = (address: string, maker?: string) => {
      const env = maker === undefined ? {} : { NODE_EXTRA_CA_CERTS: maker };
      return outcomeOf(started(["worker", "--queue", address, "--until-empty"], { env }));
    };
    const address = `rediss://localhost:${port}`;
    for (const maker of [undefined, other.maker]) {
      const { code, err } = await worker(address, maker);
      expect(code).toBe(1);
      expect(err).toMatch(/expected Redis or Valkey to answer, got none: .*certificate/);
    }
    const { code, err } = await worker(`rediss://127.0.0.1:${port}`, mine.maker);
    expect([code, err]).toEqual([1, expect.stringMatching(/got none: .*IP.*127\.0\.0\.1/)]);
    const env = { NODE_EXTRA_CA_CERTS: mine.maker };
    started(["worker", "--queue", address], { env });
    const study = ["sweep", "--study", "secure.yaml", "--out", "secure", "--queue", address];
    expect((await outcomeOf(started(study, { env }))).code).toBe(0);
    expect(await table("secure")).toBe(expected);
  }, 300_000);
});

describe.skipIf(!hasRedis || !hasMounts)(`a full disk${NEEDS}${NEEDS_MOUNTS}`, () => {
  let server: Server | undefined;
  afterEach(() => server?.close());

  test("of a worker: it puts its stacks back and says why, and another trains them to the local table", async () => {
    const words = "prepare --symbols BTCUSDT,ETHUSDT --bars 500 --no-flow --out small.dataset --json";
    const { sha256 } = JSON.parse((await program.run(...words.split(" "))).out) as { sha256: string };
    const model =
      "model: vae\nsettings: { latent: 2, hidden: [4], epochs: 1 }\nsearch: { grid: { beta: [1, 2] } }";
    const data = `data: { sha256: ${sha256}, file: small.dataset }`;
    program.write("full.yaml", `name: full\n${data}\n${model}\nbudget: { stackNetworks: 1 }\n`);
    const expected = await local("full.yaml");
    const bytes = readFileSync(program.file("small.dataset"));
    server = createServer(({ url = "" }, response) => {
      if (url.endsWith(`${sha256}.dataset`)) return response.end(bytes);
      return response.writeHead(404).end();
    });
    await new Promise<void>((resolve) => server!.listen(0, "127.0.0.1", resolve));
    const place = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const redis = await startRedis();
    ended.push(() => redis.stop());
    const disk = smallDisk(16); // the data need 48 kilobytes
    ended.push(() => disk.remove());
    const worker = (cache: string) =>
      started(["worker", "--queue", redis.address, "--data", place, "--cache", cache]);
    const refused = worker(disk.path);
    const over = outcomeOf(refused);
    const study = ["sweep", "--study", "full.yaml", "--out", "full", "--queue", redis.address];
    const done = outcomeOf(started(study));
    const said = await new Promise<string>((resolve) => {
      let text = "";
      refused.stderr!.on("data", (more) => {
        text += more;
        if (text.includes("puts back")) resolve(text);
      });
    });
    expect(said).toMatch(/puts back a stack: data \w{12}….*ENOSPC/);
    refused.kill("SIGTERM");
    await over; // it may have been at its next stack
    expect(readdirSync(disk.path)).toEqual([]);
    worker("cache");
    expect((await done).code).toBe(0);
    expect(await table("full")).toBe(expected);
  }, 300_000);

  test("of the planner: it ends and says so, and goes on from there when there is room", async () => {
    program.write("room.yaml", STUDY("room"));
    const expected = await local("room.yaml");
    const redis = await startRedis();
    ended.push(() => redis.stop());
    const disk = smallDisk(32); // eight files of four kilobytes, and there are sixteen stacks
    ended.push(() => disk.remove());
    started(["worker", "--queue", redis.address]);
    const study = ["sweep", "--study", "room.yaml", "--out", disk.path, "--queue", redis.address];
    const first = await outcomeOf(started(study));
    expect([first.code, first.err]).toEqual([
      1,
      expect.stringMatching(/the disk is full; make room and run the command again/),
    ]);
    execFileSync("mount", ["-o", "remount,size=1m", disk.path]);
    expect((await outcomeOf(started(study))).code).toBe(0);
    const rows = await decodeTable(readFileSync(join(disk.path, "networks.parquet")));
    expect(rows).toHaveLength(32);
    rmSync(program.file("room"), { recursive: true, force: true });
    execFileSync("cp", ["-r", disk.path, program.file("room")]);
    expect(await table("room")).toBe(expected);
  }, 300_000);
});
