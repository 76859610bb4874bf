/** A Redis of a test's own on a free port of this machine, stopped after it; and a proxy that cuts connections. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Whether there is a redis-server here. */
export const hasRedis = spawnSync("redis-server", ["--version"]).status === 0;

/** Why a test that needs one is skipped, as part of its name. */
export const NEEDS = hasRedis ? "" : " (skipped: needs redis-server; apt-get install redis-server)";

export interface Redis {
  readonly port: number;
  readonly address: string;
  /** Ended as by kill -9, and started again: with what it has written down, or empty. */
  restart(how: "kept" | "empty"): Promise<void>;
  /** Ended as by kill -9, and not started again. */
  kill(): Promise<void>;
  stop(): Promise<void>;
}

export async function startRedis(...settings: readonly string[]): Promise<Redis> {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), "vitrade-redis-"));
  let child = await started(port, folder, settings);
  const end = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGKILL");
    await ended;
  };
  return {
    ...{ port, address: `redis://127.0.0.1:${port}` },
    async restart(how) {
      await end();
      if (how === "empty") rmSync(join(folder, "appendonlydir"), { recursive: true, force: true });
      child = await started(port, folder, settings);
    },
    kill: end,
    async stop() {
      await end();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function started(port: number, folder: string, settings: readonly string[]): Promise<ChildProcess> {
  const words = ["--port", String(port), "--bind", "127.0.0.1", "--dir", folder, "--save", ""];
  const child = spawn("redis-server", [
    ...words,
    "--appendonly",
    "yes",
    "--appendfsync",
    "always",
    ...settings,
  ]);
  return new Promise((resolve, reject) => {
    child.once("exit", (code) => reject(new Error(`redis-server ended with ${code}`)));
    let said = "";
    child.stdout.on("data", (text) => {
      said += text;
      if (said.includes("Ready to accept connections")) resolve(child);
    });
  });
}

/** A port of this machine on which nothing listens. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** A way to a port on which all connections can be cut. */
export interface Proxy {
  readonly address: string;
  /** Cuts what is connected; new connections are taken again. */
  cut(): void;
  /** Cuts what is connected once so many bytes more have been sent. */
  cutAfter(bytes: number): void;
  close(): Promise<void>;
}

export async function startProxy(to: number): Promise<Proxy> {
  const sockets = new Set<Socket>();
  let left = Number.POSITIVE_INFINITY;
  const server = createServer((near) => {
    const far = connect(to, "127.0.0.1");
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket
        .on("error", () => undefined)
        .on("close", () => {
          sockets.delete(socket);
          near.destroy();
          far.destroy();
        });
    }
    near.on("data", ({ length }) => {
      left -= length;
      if (left > 0) return;
      left = Number.POSITIVE_INFINITY;
      cut();
    });
    near.pipe(far).pipe(near);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    address: `redis://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut,
    cutAfter(bytes) {
      left = bytes;
    },
    close: async () => {
      cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
