/** Widths of words, without loading a font. */

/** Widths in Open Sans as fractions of the font size, per character, from narrow to wide. */
const WIDTHS: readonly (readonly [number, string])[] = [
  [0.27, " .,:;'!|ijlI"],
  [0.33, '()[]{}/\\-−·"`°'],
  [0.4, "ftrJ"],
  [0.49, "csxyzvk?*"],
  [0.66, "ABCKPRVXTEFSLYwσπ+=<>±~≤≥≈"],
  [0.8, "DGHNOQUΣΩ&→"],
  [0.93, "mMW%@—…"],
];
const USUAL = 0.6;

const widthOf = new Map(
  WIDTHS.flatMap(([width, characters]) => [...characters].map((c) => [c, width] as const)),
);
const TAG = /<\/?[a-z][^>]*>/gi;

/** Width of one line of text in pixels at font size `size`, tags not counted; meant to be a little too wide. */
export function textWidth(text: string, size: number): number {
  let ems = 0;
  for (const character of text.replace(TAG, "")) ems += widthOf.get(character) ?? USUAL;
  return ems * size;
}

/** The text in lines of at most `width` pixels, broken between words; a word wider than that stays whole. */
export function wrap(text: string, width: number, size: number): string[] {
  return text.split(/<br\s*\/?>/i).flatMap((part) => {
    const lines: string[] = [];
    for (const word of part.split(/\s+(?![^<>]*>)/)) {
      const longer = lines.length === 0 ? word : `${lines[lines.length - 1]} ${word}`;
      if (lines.length > 0 && textWidth(longer, size) <= width) lines[lines.length - 1] = longer;
      else lines.push(word);
    }
    return lines;
  });
}

/** The text on one line and without tags. */
export function plainText(text: string): string {
  return text
    .replace(/<br\s*\/?>/gi, " ")
    .replace(TAG, "")
    .trim();
}
