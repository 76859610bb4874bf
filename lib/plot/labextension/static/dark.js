/**
 * The dark theme of a figure, made from the figure itself: greys change ends, colours are lightened until they can be told from a
 * dark ground, colour scales of fields turn their lightness round. JupyterLab's extension and the site both use it.
 */

/** Of a figure at night, and of its lightest ink. */
export const GROUND = 27;
const INK = 242;
/** Least contrast of a coloured line with the ground. */
const LEAST_CONTRAST = 4.5;
/** White that a colour gets for each unit of contrast above the least, so that it stays apart from those that are lightened up to it, and the most. */
const LIFT = { each: 0.08, most: 0.25 };
/** Channels that differ by less are a grey. */
const GREY = 24;

const HEX = /^#([0-9a-f]{3}|[0-9a-f]{6})$/i;
const RGB = /^rgba?\(\s*([\d.]+)\s*,\s*([\d.]+)\s*,\s*([\d.]+)\s*(?:,\s*([\d.]+)\s*)?\)$/i;
const NAMED = { white: [255, 255, 255, 1], black: [0, 0, 0, 1] };

/** [red, green, blue, opacity] of a colour, channels from 0 to 255; undefined for what is none that a figure uses. */
export function channelsOf(colour) {
  if (typeof colour !== "string") return undefined;
  const digits = HEX.exec(colour)?.[1];
  if (digits) {
    const full = digits.length === 3 ? [...digits].map((digit) => digit + digit).join("") : digits;
    return [0, 2, 4].map((at) => Number.parseInt(full.slice(at, at + 2), 16)).concat(1);
  }
  const parts = RGB.exec(colour);
  if (parts) return [Number(parts[1]), Number(parts[2]), Number(parts[3]), Number(parts[4] ?? 1)];
  return NAMED[colour.toLowerCase()];
}

function text([red, green, blue, opacity]) {
  const whole = [red, green, blue].map(Math.round);
  return opacity === 1 ? `rgb(${whole.join(",")})` : `rgba(${whole.join(",")},${opacity})`;
}

/** Relative luminance, WCAG 2.2. */
function luminance(channels) {
  const linear = channels.slice(0, 3).map((channel) => {
    const share = channel / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
}

/** Contrast of two opaque colours, from 1 to 21; WCAG 2.2. */
export function contrast(one, other) {
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

function isGrey([red, green, blue]) {
  return Math.max(red, green, blue) - Math.min(red, green, blue) < GREY;
}

/** A colour of text, lines and areas at night; what is no colour stays as it is. */
export function darkColour(colour) {
  const channels = channelsOf(colour);
  if (!channels) return colour;
  const opacity = channels[3];
  if (isGrey(channels)) {
    const grey = GROUND + ((INK - GROUND) * (255 - channels[1])) / 255;
    return text([grey, grey, grey, opacity]);
  }
  const ground = [GROUND, GROUND, GROUND];
  const lift = Math.min(LIFT.most, LIFT.each * (contrast(channels, ground) - LEAST_CONTRAST));
  for (let white = Math.max(0, lift); white <= 1; white += 0.05) {
    const mixed = channels.slice(0, 3).map((channel) => channel + white * (255 - channel));
    if (contrast(mixed, ground) >= LEAST_CONTRAST) return text([...mixed, opacity]);
  }
  return text([INK, INK, INK, opacity]);
}

/** A colour of a scale at night: of the same hue, light where it was dark. */
function turned(colour) {
  const channels = channelsOf(colour);
  if (!channels) return colour;
  const share = channels.slice(0, 3).map((channel) => channel / 255);
  const [high, low] = [Math.max(...share), Math.min(...share)];
  const shift = 1 - high - low; // reflects the lightness (high + low) / 2 about one half
  const end = (value) => GROUND + (INK - GROUND) * Math.min(1, Math.max(0, value));
  return text([...share.map((value) => end(value + shift)), channels[3]]);
}

const IS_COLOUR = /colou?r(way)?$/i;
const IS_SCALE = /colorscale$/i;

function mapped(value, key) {
  if (typeof value === "string") return IS_COLOUR.test(key) ? darkColour(value) : value;
  if (Array.isArray(value)) return IS_SCALE.test(key) ? value.map(stopOf) : value.map((entry) => mapped(entry, key));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, mapped(entry, name)]));
}

function stopOf(stop) {
  return Array.isArray(stop) ? [stop[0], turned(stop[1])] : turned(stop);
}

const SLIDER = { bgcolor: "rgb(70,70,70)", bordercolor: "rgb(110,110,110)", activebgcolor: "rgb(150,150,150)", tickcolor: "rgb(150,150,150)" };

/** The figure at night: data and layout as they are, but for their colours. */
export function darkFigure({ data, layout }) {
  const night = mapped(layout ?? {}, "");
  const { paper_bgcolor = `rgb(${GROUND},${GROUND},${GROUND})`, plot_bgcolor = paper_bgcolor, font, sliders } = night;
  return {
    data: mapped(data ?? [], ""),
    layout: {
      ...{ ...night, paper_bgcolor, plot_bgcolor },
      font: { color: "rgb(213,213,213)", ...font },
      ...(sliders ? { sliders: sliders.map((slider) => ({ ...SLIDER, ...slider })) } : {}),
    },
  };
}
