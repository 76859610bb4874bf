/** Where a queue is: an address, and a name and password that are never part of it. */
import { isIP } from "node:net";
import type { RedisOptions } from "bullmq";

/** A user of Redis or Valkey: from the environment, as a command line can be read by everybody on the machine. */
export interface Credentials {
  readonly user?: string | undefined;
  readonly password?: string | undefined;
}

/** A queue that can be reached. */
export interface QueuePlace {
  /** Without user and password: what may be printed. */
  readonly address: string;
  readonly connection: RedisOptions;
}

/** Milliseconds between two tries to reach Redis again, at most. */
const LONGEST_WAIT = 2000;
/** Milliseconds in which Redis must answer before anything is begun. */
const PATIENCE = 10_000;

/**
 * The place of an address such as redis://host:6379 or rediss://host:6379/1.
 * @throws RangeError when it is none, or holds a user or a password.
 */
export function queuePlace(address: string, { user, password }: Credentials = {}): QueuePlace {
  const problem = (got: string) =>
    new RangeError(`queue: expected an address such as redis://host:6379 or rediss://host:6379, got ${got}`);
  if (!URL.canParse(address)) throw problem("something else");
  const { protocol, hostname, port, pathname, username, password: secret, search, hash } = new URL(address);
  if (username !== "" || secret !== "")
    throw new RangeError(
      "queue: expected an address without user and password, which every process of the machine could read; set VITRADE_QUEUE_USER and VITRADE_QUEUE_PASSWORD",
    );
  const host = hostname.replace(/^\[|\]$/g, "");
  const isSecure = protocol === "rediss:";
  if ((!isSecure && protocol !== "redis:") || hostname === "" || search + hash !== "") throw problem(address);
  if (!/^\/?\d{0,3}$/.test(pathname)) throw problem(address);
  const db = Number(pathname.replace("/", ""));
  return {
    address: `${protocol}//${hostname}:${port || "6379"}${db > 0 ? `/${db}` : ""}`,
    connection: {
      ...{ host, port: Number(port || 6379), db },
      ...(user ? { username: user } : {}),
      ...(password ? { password } : {}),
      ...(isSecure ? { tls: isIP(host) ? {} : { servername: host } } : {}),
      maxRetriesPerRequest: null,
      retryStrategy: (tries: number) => Math.min(LONGEST_WAIT, 50 * tries),
    },
  };
}

/** @throws Error when nothing answers there as Redis does, or user and password are not taken. */
export async function checkAnswers({ address, connection }: QueuePlace): Promise<void> {
  const { Redis } = await import("ioredis");
  const client = new Redis({
    ...connection,
    ...{ lazyConnect: true, maxRetriesPerRequest: 0, retryStrategy: () => null, connectTimeout: PATIENCE },
  });
  let problem: Error | undefined;
  client.on("error", (error: Error) => {
    problem ??= error;
  });
  try {
    await client.connect();
    await client.ping();
  } catch (error) {
    const { message } = problem ?? (error as Error);
    throw new Error(`${address}: expected Redis or Valkey to answer, got none: ${message}`, { cause: error });
  } finally {
    client.disconnect();
  }
}
