/** PNG files: in full colour, and with a palette, which takes a quarter of the room. */
import { crc32, deflateSync } from "node:zlib";

/** An image: red, green, blue, opacity of each pixel, row by row. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array | Uint8ClampedArray;
}

const MOST_COLOURS = 256;
/** Squared distance below which two colours are one to the eye. */
const NEAR = 120;

/** The image with all its colours and opacities. */
export function encodeColours({ width, height, data }: Pixels): Buffer {
  return file(width, height, 6, [chunk("IDAT", compress(data, 4 * width, height))]);
}

/** The opaque image in at most 256 colours: the frequent ones, and the rare ones that are like none of them. */
export function encodePalette({ width, height, data }: Pixels): Buffer {
  const colours = new Uint32Array(width * height);
  for (let i = 0; i < colours.length; i++)
    colours[i] = (data[4 * i]! << 16) | (data[4 * i + 1]! << 8) | data[4 * i + 2]!;
  const counts = new Map<number, number>();
  eachRun(colours, (colour, from, to) => counts.set(colour, (counts.get(colour) ?? 0) + to - from));
  const { palette, index } = choose(counts);
  const bytes = palette.flatMap((colour) => [colour >> 16, (colour >> 8) & 255, colour & 255]);
  const lines = new Uint8Array(width * height);
  eachRun(colours, (colour, from, to) => lines.fill(index.get(colour)!, from, to));
  return file(width, height, 3, [
    chunk("PLTE", Buffer.from(bytes)),
    chunk("IDAT", compress(lines, width, height)),
  ]);
}

/** Tells of each run of one colour, which a drawing has few of, where it begins and where the next one does. */
function eachRun(colours: Uint32Array, tell: (colour: number, from: number, to: number) => void): void {
  for (let from = 0, to = 1; from < colours.length; from = to++) {
    while (to < colours.length && colours[to] === colours[from]) to++;
    tell(colours[from]!, from, to);
  }
}

/** Takes colours by frequency, leaving out those near one taken; then every colour belongs to the nearest taken. */
function choose(counts: ReadonlyMap<number, number>): { palette: number[]; index: Map<number, number> } {
  const byFrequency = [...counts].sort(([a, m], [b, n]) => n - m || a - b).map(([colour]) => colour);
  const palette: number[] = [];
  const index = new Map<number, number>();
  for (const colour of byFrequency) {
    const nearest = nearestOf(colour, palette);
    if (palette.length < MOST_COLOURS && nearest.distance >= NEAR) {
      index.set(colour, palette.length);
      palette.push(colour);
    } else index.set(colour, nearest.at);
  }
  return { palette, index };
}

function nearestOf(colour: number, palette: readonly number[]): { at: number; distance: number } {
  let at = -1;
  let distance = Number.POSITIVE_INFINITY;
  palette.forEach((other, i) => {
    const red = (colour >> 16) - (other >> 16);
    const green = ((colour >> 8) & 255) - ((other >> 8) & 255);
    const blue = (colour & 255) - (other & 255);
    const apart = red * red + green * green + blue * blue;
    if (apart < distance) [at, distance] = [i, apart];
  });
  return { at, distance };
}

/** Each line of a PNG starts with its filter: 0, none. */
function compress(data: Uint8Array | Uint8ClampedArray, stride: number, height: number): Buffer {
  const lines = Buffer.alloc((stride + 1) * height);
  for (let row = 0; row < height; row++) {
    lines.set(data.subarray(stride * row, stride * (row + 1)), row * (stride + 1) + 1);
  }
  return deflateSync(lines, { level: 9 });
}

function file(width: number, height: number, colourType: number, chunks: readonly Buffer[]): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, colourType], 8); // 8 bits a channel, or an index into the palette
  const signature = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]);
  return Buffer.concat([signature, chunk("IHDR", header), ...chunks, chunk("IEND", Buffer.alloc(0))]);
}

function chunk(name: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(name, "latin1"), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const check = Buffer.alloc(4);
  check.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, check]);
}
