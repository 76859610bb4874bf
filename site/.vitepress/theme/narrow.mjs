/** Figures at the width there is: on a phone panels stand below one another, and title, legend and axis titles take the lines they need. */

/** Pixels from which on a figure keeps the arrangement of its picture. */
const WIDE = 600;
/** Pixels of a plot that can still be read, and of a figure that is not made narrower. */
const [LEAST_PLOT, LEAST] = [200, 300];
const MOST_PANELS = 6;
/** Pixels of a picture that asks for no width, and of its margins left and right. */
const [PICTURE, SIDES] = [760, 84];
const TITLE = { size: 16, line: 21, sides: 32, top: 14 };
const LEGEND = { size: 12.5, row: 20, symbol: 40, gap: 8 };
const PANEL = { size: 13, line: 17, above: 6, ratio: 0.62, least: 150, most: 260, bar: 80 };
const AXIS = { size: 12, line: 15, gap: 46 };

let canvas;

/** Width of a line of text as the browser sets it. */
function drawnWidth(text, size) {
  canvas ??= document.createElement("canvas").getContext("2d");
  canvas.font = `600 ${size}px Open Sans, Helvetica Neue, Helvetica, Arial, sans-serif`;
  return canvas.measureText(text.replace(/<[^>]*>/g, "")).width;
}

/**
 * A figure for a frame of `room` pixels; where it cannot be made so narrow, its layout is wider than the frame.
 * @param measure  (text, size) → pixels of a line
 * @returns the figure, and on a narrow frame the pixels kept for its legend, for `settled`
 */
export function fitted({ data, layout }, room, measure = drawnWidth) {
  const own = layout.width ?? WIDE;
  if (room >= WIDE || leastWidth(layout) >= own) {
    const width = Math.max(own, room);
    return { data, layout: { ...layout, ...titled(layout, width, measure), width } };
  }
  const width = Math.max(room, leastWidth(layout));
  const margin = { ...layout.margin, ...(fixedSides(layout) ? {} : { r: rightOf(layout, measure) }) };
  const inner = width - margin.l - margin.r;
  const title = titled(layout, width, measure, margin);
  const rows = rowsAt(data, inner, measure);
  const more = LEGEND.row * (rows - rowsAt(data, (layout.width ?? PICTURE) - SIDES, measure));
  const narrow = withFewTicks({ ...layout, ...title, ...raised(title, more), width }, inner);
  const plot = inner - namesAt(data, layout, measure);
  const bar = data.some(({ colorbar }) => colorbar) ? PANEL.bar : 0;
  const cells = data.map((trace) => withReadableCells(trace, plot - bar, measure));
  const drawn =
    columnsOf(layout) > 1
      ? stacked({ data: cells, layout: narrow }, inner, measure)
      : { data: cells, layout: withAxisTitles(narrow, plot, measure) };
  return { ...drawn, legend: LEGEND.row * rows };
}

/** What a drawn figure's legend takes beyond the pixels that were kept for it, as a change of the layout. */
export function settled(layout, kept, taken) {
  const more = Math.round(taken - kept);
  if (!(kept > 0 && taken > 0) || Math.abs(more) < 5) return undefined;
  return { height: layout.height + more, "margin.t": layout.margin.t + more };
}

const plain = (text) => (text ?? "").replace(/<br\s*\/?>/gi, " ");

function wrap(text, width, size, measure) {
  const lines = [""];
  for (const word of plain(text).split(/\s+/)) {
    const longer = lines.at(-1) === "" ? word : `${lines.at(-1)} ${word}`;
    if (lines.at(-1) !== "" && measure(longer, size) > width) lines.push(word);
    else lines[lines.length - 1] = longer;
  }
  return lines;
}

const panelsOf = (layout) =>
  Object.keys(layout)
    .filter((name) => /^xaxis\d*$/.test(name))
    .map((name) => name.slice(5));
const columnsOf = (layout) =>
  new Set(panelsOf(layout).map((n) => (layout[`xaxis${n}`].domain ?? [0])[0].toFixed(2))).size;
const fixedSides = (layout) => layout.margin.l + layout.margin.r > 160;

/** Pixels below which a figure is not drawn: a diagram, a chart with words at its sides, many panels. */
function leastWidth(layout) {
  if (layout.xaxis?.visible === false) return WIDE;
  if (fixedSides(layout)) return layout.margin.l + layout.margin.r + LEAST_PLOT;
  const panels = panelsOf(layout);
  const paired = panels.every((n) => layout[`yaxis${n}`]);
  return columnsOf(layout) > 1 && (panels.length > MOST_PANELS || !paired) ? (layout.width ?? WIDE) : LEAST;
}

/** Pixels right of the plot: room for half of a slider's last label. */
function rightOf(layout, measure) {
  const labels = (layout.sliders ?? []).map(({ steps }) => steps.at(-1)?.label ?? "");
  const widest = Math.max(
    0,
    ...labels.flatMap((label) => label.split("<br>")).map((line) => measure(line, 11)),
  );
  return Math.max(14, Math.ceil(widest / 2));
}

/** Pixels that names left of the plot take beyond its margin, which grows with them. */
function namesAt(data, layout, measure) {
  if (layout.yaxis?.type !== "category") return 0;
  const names = data.flatMap(({ y }) => y ?? []).filter((name) => typeof name === "string");
  return Math.max(0, ...names.map((name) => measure(name, 12) + 16 - layout.margin.l));
}

/** As few ticks on x axes as their labels have room for: dates take more of it than numbers. */
function withFewTicks(layout, inner) {
  const axes = panelsOf(layout)
    .map((n) => [`xaxis${n}`, layout[`xaxis${n}`]])
    .filter(([, axis]) => axis.type !== "category" && axis.tickvals === undefined);
  const fewer = axes.map(([name, axis]) => {
    const most = Math.max(3, Math.floor(inner / (axis.type === "date" ? 62 : 40)));
    return [name, { ...axis, nticks: Math.min(most, axis.nticks || most) }];
  });
  return { ...layout, ...Object.fromEntries(fewer) };
}

/** A field of cells without the numbers in them where they would run into one another: colour and label tell them. */
function withReadableCells(trace, plot, measure) {
  if (trace.texttemplate === undefined || !Array.isArray(trace.z)) return trace;
  const columns = Math.max(...trace.z.map((row) => row.length));
  const texts = (trace.text ?? trace.z)
    .flat()
    .map((value) => (typeof value === "number" ? "−0.00" : String(value)));
  const widest = Math.max(...texts.map((text) => measure(text, trace.textfont?.size ?? 11)));
  if (widest + 2 <= plot / columns) return trace;
  const { texttemplate, ...plain } = trace;
  return plain;
}

/** Title in lines of the figure's width, those that a slider sets too, with the room that the longest takes. */
function titled(layout, width, measure, margin = layout.margin) {
  const texts = [layout.title?.text, ...stepsOf(layout).map((step) => step.args?.[1]?.title?.text)].filter(
    Boolean,
  );
  if (texts.length === 0) return { margin, height: layout.height };
  const set = (text) => wrap(text, width - TITLE.sides, TITLE.size, measure);
  const before = Math.max(...texts.map((text) => text.split("<br>").length));
  const after = Math.max(...texts.map((text) => set(text).length));
  const more = Math.max(0, after - before) * TITLE.line;
  const inLines = (title) => {
    const lines = set(title.text);
    const pad = { ...title.pad, t: TITLE.top + ((lines.length - 1) * TITLE.line) / 2 };
    return { ...title, text: lines.join("<br>"), pad };
  };
  return {
    margin: { ...margin, t: (margin?.t ?? 60) + more },
    height: (layout.height ?? 420) + more,
    title: layout.title?.text ? inLines(layout.title) : layout.title,
    ...eachStep(layout, (own) => (own.title?.text ? { ...own, title: inLines(own.title) } : own)),
  };
}

const stepsOf = (layout) => (layout.sliders ?? []).flatMap(({ steps }) => steps ?? []);

/** The sliders with what each of their steps sets of the layout changed. */
function eachStep(layout, change) {
  if (!layout.sliders) return {};
  const sliders = layout.sliders.map((slider) => ({
    ...slider,
    steps: slider.steps.map((step) =>
      step.args?.[1] ? { ...step, args: [step.args[0], change(step.args[1]), ...step.args.slice(2)] } : step,
    ),
  }));
  return { sliders };
}

/** More room above the plot. */
function raised({ margin, height }, more) {
  return { margin: { ...margin, t: margin.t + more }, height: height + more };
}

/** Rows of the legend: entries side by side while they fit, else in columns of the widest. */
function rowsAt(data, width, measure) {
  const shown = data.filter(({ name, showlegend }) => name !== undefined && showlegend !== false);
  const names = [...new Set(shown.map(({ name }) => name))];
  if (names.length < 2) return 0;
  const entries = names.map((name) => LEGEND.symbol + measure(name, LEGEND.size) + LEGEND.gap);
  if (entries.reduce((total, entry) => total + entry, 0) <= width) return 1;
  return Math.ceil(names.length / Math.max(1, Math.floor(width / Math.max(...entries))));
}

/** Titles of x axes in lines of the plot's width, and the room that they take below it, above a slider. */
function withAxisTitles(layout, inner, measure) {
  const changed = { ...layout };
  let more = 0;
  for (const n of panelsOf(layout)) {
    const axis = layout[`xaxis${n}`];
    const lines = wrap(axis.title?.text, inner, AXIS.size + 1, measure);
    more = Math.max(more, AXIS.line * (lines.length - (axis.title?.text ?? "").split("<br>").length));
    changed[`xaxis${n}`] = { ...axis, title: { ...axis.title, text: lines.join("<br>") } };
  }
  if (layout.sliders)
    changed.sliders = layout.sliders.map((own) => ({ ...own, pad: { ...own.pad, t: own.pad.t + more } }));
  const margin = { ...layout.margin, b: layout.margin.b + more };
  return { ...changed, height: layout.height + more, margin };
}

/** Panels below one another, in their order; marks on their axes go with them. */
function stacked({ data, layout }, inner, measure) {
  const panels = panelsOf(layout);
  const before = layout.height - layout.margin.t - layout.margin.b;
  const bars = new Map(
    data.filter(({ colorbar }) => colorbar).map((trace) => [(trace.xaxis ?? "x").slice(1), trace]),
  );
  const titleOf = (n) =>
    (layout.annotations ?? []).find((mark) => isTitle(mark) && mark.xref === `x${n} domain`);
  const rows = panels.map((n) => {
    const [from, to] = layout[`yaxis${n}`].domain ?? [0, 1];
    const words = wrap(titleOf(n)?.text, inner, PANEL.size, measure);
    const below = wrap(layout[`xaxis${n}`].title?.text, inner, AXIS.size, measure);
    const plot = Math.min(PANEL.most, Math.max(PANEL.least, PANEL.ratio * inner, (to - from) * before));
    return {
      n,
      plot,
      below,
      above: PANEL.above + PANEL.line * words.length,
      gap: AXIS.gap + AXIS.line * (below.length - 1),
    };
  });
  const more = AXIS.line * (rows.at(-1).below.length - 1);
  const height = rows.reduce(
    (sum, { plot, above, gap }, i) => sum + plot + above + (i < rows.length - 1 ? gap : 0),
    0,
  );
  const placed = { ...layout, height: height + layout.margin.t + layout.margin.b + more };
  placed.margin = { ...layout.margin, b: layout.margin.b + more };
  const places = new Map();
  let top = 0;
  for (const { n, plot, below, above, gap } of rows) {
    top += above;
    const x = [0, bars.has(n) ? 1 - PANEL.bar / inner : 1];
    const y = [1 - (top + plot) / height, 1 - top / height];
    places.set(n, { x, y });
    const title = { ...layout[`xaxis${n}`].title, text: below.join("<br>") };
    placed[`xaxis${n}`] = { ...layout[`xaxis${n}`], domain: x, title };
    placed[`yaxis${n}`] = { ...layout[`yaxis${n}`], domain: y };
    top += plot + gap;
  }
  const inLines = (marks) =>
    marks?.map((mark) =>
      isTitle(mark) ? { ...mark, text: wrap(mark.text, inner, PANEL.size, measure).join("<br>") } : mark,
    );
  placed.annotations = inLines(layout.annotations) ?? [];
  const steps = eachStep(layout, (own) =>
    own.annotations ? { ...own, annotations: inLines(own.annotations) } : own,
  );
  return { data: data.map((trace) => withBar(trace, places)), layout: { ...placed, ...steps } };
}

/** A panel's title stands at the upper left of its axes. */
function isTitle({ xref, yref, x, y, text, showarrow }) {
  return (
    / domain$/.test(xref) &&
    / domain$/.test(yref) &&
    x === 0 &&
    y === 1 &&
    showarrow === false &&
    Boolean(text)
  );
}

function withBar(trace, places) {
  const place = places.get((trace.xaxis ?? "x").slice(1));
  if (!trace.colorbar || !place) return trace;
  const [from, to] = place.y;
  return { ...trace, colorbar: { ...trace.colorbar, x: place.x[1], y: (from + to) / 2, len: to - from } };
}
