import { expect, test } from "vitest";
import { WebSocket } from "ws";
import type { StreamFault } from "../../../lib/testing/disturb.js";
import { exchange, MINUTE, minutes, OPENED, until } from "./streamFixtures.js";

const BTC = minutes("BTCUSDT", 40);

interface Candle {
  start: number;
  confirm: boolean;
  high: string;
  low: string;
  close: string;
}

/** The candles of three minutes as a socket hears them: minute, and whether it is closed. */
async function heard(fault?: StreamFault): Promise<{ candles: Candle[]; told: string[] }> {
  const loopback = await exchange([BTC]);
  const socket = new WebSocket(`${loopback.wsUrl}/v5/public/linear`);
  const texts: string[] = [];
  socket.on("message", (raw) => texts.push(String(raw)));
  await new Promise((resolve) => socket.once("open", resolve));
  socket.send(JSON.stringify({ op: "subscribe", args: ["kline.1.BTCUSDT"] }));
  await until(() => texts.length === 1);
  if (fault) loopback.disturb(fault);
  for (let minute = 1; minute <= 3; minute++) await loopback.advance(OPENED + minute * MINUTE);
  socket.send(JSON.stringify({ op: "ping" }));
  await until(() => texts.at(-1)!.includes("pong"));
  socket.terminate();
  await loopback.close();
  const candles = texts.slice(1, -1).flatMap((text) => (JSON.parse(text) as { data: Candle[] }).data);
  const told = candles.map(({ start, confirm }) => `${(start - OPENED) / MINUTE}${confirm ? " closed" : ""}`);
  return { candles, told };
}

test("a closed candle of the loopback exchange can be sent twice, late, never, corrected or broken", async () => {
  const { told: sound, candles: truth } = await heard();
  expect(sound).toHaveLength(3 * 8);
  const at = sound.indexOf("0 closed");
  expect(sound[at + 1]).toBe("1");

  const twice = await heard("duplicate-candle");
  expect(twice.told).toEqual([...sound.slice(0, at + 1), ...sound.slice(at)]);

  const late = await heard("late-candle");
  expect(late.told).toEqual([...sound.slice(0, at), "1", "0 closed", ...sound.slice(at + 2)]);

  const never = await heard("lost-candle");
  expect(never.told).toEqual(sound.filter((_, i) => i !== at));

  const corrected = await heard("corrected-candle");
  expect(corrected.told).toEqual([...sound.slice(0, at + 2), "0 closed", ...sound.slice(at + 2)]);
  expect(corrected.candles[at]).toEqual(truth[at]);
  expect(corrected.candles[at + 2]).toMatchObject({ close: truth[at]!.high, volume: "1" });

  const broken = await heard("broken-candle");
  expect(broken.told).toEqual(sound);
  expect(Number(broken.candles[at]!.high)).toBeLessThan(Number(broken.candles[at]!.low));
});
