/** The little of a canvas that Plotly needs to paint a heatmap: filled rectangles, pixels, and a PNG of them. */
import { advance } from "./font.js";
import { encodeColours, type Pixels } from "./png.js";

interface Sized {
  readonly width: number;
  readonly height: number;
}

/** A canvas's 2-D context. */
export class Context {
  fillStyle = "#000000";
  private pixels: Pixels = { width: 0, height: 0, data: new Uint8ClampedArray(0) };

  constructor(private readonly canvas: Sized) {}

  fillRect(x: number, y: number, width: number, height: number): void {
    const { data, width: columns, height: rows } = this.current();
    const colour = parseColour(String(this.fillStyle));
    const within = (value: number, most: number): number => Math.min(most, Math.max(0, Math.round(value)));
    const [left, right] = [within(Math.min(x, x + width), columns), within(Math.max(x, x + width), columns)];
    const [top, bottom] = [within(Math.min(y, y + height), rows), within(Math.max(y, y + height), rows)];
    for (let row = top; row < bottom; row++) {
      for (let column = left; column < right; column++) data.set(colour, 4 * (row * columns + column));
    }
  }

  createImageData(width: number, height: number): Pixels {
    return { width, height, data: new Uint8ClampedArray(4 * width * height) };
  }

  putImageData(image: Pixels, x: number, y: number): void {
    const { data, width } = this.current();
    for (let row = 0; row < image.height; row++) {
      const line = image.data.subarray(4 * row * image.width, 4 * (row + 1) * image.width);
      data.set(line, 4 * ((row + y) * width + x));
    }
  }

  measureText(text: string): { width: number } {
    return { width: advance(text, 12, "400") };
  }

  toPng(): Buffer {
    return encodeColours(this.current());
  }

  /** A canvas that changes its size starts afresh. */
  private current(): Pixels {
    const { width, height } = this.canvas;
    if (this.pixels.width !== width || this.pixels.height !== height) {
      this.pixels = this.createImageData(width, height);
    }
    return this.pixels;
  }
}

function parseColour(text: string): number[] {
  const parts = /^rgba?\(([^)]+)\)/.exec(text)?.[1]?.split(",").map(Number);
  if (parts) return [parts[0]!, parts[1]!, parts[2]!, Math.round(255 * (parts[3] ?? 1))];
  const digits = /^#([0-9a-f]{6})$/i.exec(text)?.[1] ?? "000000";
  return [0, 2, 4].map((at) => Number.parseInt(digits.slice(at, at + 2), 16)).concat(255);
}
