/** The font of the pictures, and how wide its text is. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import opentype from "opentype.js";

export const FAMILY = "Open Sans";

const FACES = {
  regular: "400Regular/OpenSans_400Regular.ttf",
  semibold: "600SemiBold/OpenSans_600SemiBold.ttf",
  bold: "700Bold/OpenSans_700Bold.ttf",
} as const;
type Face = keyof typeof FACES;

/** The compiled library has the files beside it; the sources take them from the package they come from. */
const compiled = join(__dirname, "fonts");
const folder = existsSync(compiled)
  ? compiled
  : dirname(require.resolve("@expo-google-fonts/open-sans/package.json"));
const fonts = new Map<Face, opentype.Font>();
const widths = new Map<string, number>();

/** The files a renderer needs, slanted text among them. */
export function fontFiles(): string[] {
  return [...Object.values(FACES), "400Regular_Italic/OpenSans_400Regular_Italic.ttf"].map((file) =>
    join(folder, file),
  );
}

/** Advance width of `text` in pixels at font size `size` and a CSS weight such as "600" or "bold". */
export function advance(text: string, size: number, weight: string): number {
  const face = faceOf(weight);
  const name = `${face} ${text}`;
  let ems = widths.get(name);
  if (ems === undefined) {
    const font = load(face);
    const glyphs = font.stringToGlyphs(text);
    ems = glyphs.reduce((total, glyph) => total + (glyph.advanceWidth ?? 0), 0) / font.unitsPerEm;
    widths.set(name, ems);
  }
  return ems * size;
}

/** How far text reaches above and below its baseline, as fractions of the font size. */
export function extent(): { ascent: number; descent: number } {
  const font = load("regular");
  return { ascent: font.ascender / font.unitsPerEm, descent: -font.descender / font.unitsPerEm };
}

/** The characters of `text` that the font cannot draw. */
export function missingCharacters(text: string): string[] {
  const font = load("regular");
  return [...new Set(text)].filter((character) => character > " " && font.charToGlyphIndex(character) === 0);
}

function faceOf(weight: string): Face {
  if (weight === "bold" || weight === "bolder" || Number(weight) >= 700) return "bold";
  return Number(weight) >= 600 ? "semibold" : "regular";
}

function load(face: Face): opentype.Font {
  const known = fonts.get(face);
  if (known) return known;
  const bytes = readFileSync(join(folder, FACES[face]));
  const font = opentype.parse(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
  fonts.set(face, font);
  return font;
}
