/** The live page itself: one document that reads the run's events and fetches nothing else. */

export const POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const STYLE = `
:root { color-scheme: light dark; --ink: #222; --muted: #55555f; --line: #d7d7dc; --ground: #fff; --blue: #005a8f; --red: #a4262c; }
@media (prefers-color-scheme: dark) { :root { --ink: #e4e4e8; --muted: #b4b4bd; --line: #3a3a42; --ground: #1b1b1b; --blue: #7cc0ee; --red: #ff9a94; } }
body { margin: 0; background: var(--ground); color: var(--ink); font: 15px/1.5 system-ui, "Segoe UI", Helvetica, Arial, sans-serif; }
main { max-width: 1060px; margin: 0 auto; padding: 16px; }
h1 { margin: 0; font-size: 22px; } h2 { margin: 24px 0 6px; font-size: 17px; }
#state { margin: 4px 0 12px; color: var(--muted); } #state.killed { color: var(--red); font-weight: 600; }
#equity { font-size: 28px; font-weight: 600; font-variant-numeric: tabular-nums; }
svg { display: block; width: 100%; height: 180px; border: 1px solid var(--line); border-radius: 6px; }
polyline { fill: none; stroke: var(--blue); stroke-width: 2; vector-effect: non-scaling-stroke; }
.wide { overflow-x: auto; } table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: 3px 10px; border-bottom: 1px solid var(--line); text-align: right; white-space: nowrap; }
th:first-child, td:first-child { text-align: left; }
ul { margin: 0; padding-left: 1.2em; } #tail { list-style: none; padding: 0; font-size: 13px; } #tail li { overflow-wrap: anywhere; border-bottom: 1px solid var(--line); }
form { display: flex; flex-wrap: wrap; gap: 8px; align-items: center; }
input, button { font: inherit; padding: 4px 10px; border: 1px solid var(--muted); border-radius: 6px; background: var(--ground); color: var(--ink); }
button { border-color: var(--red); color: var(--red); font-weight: 600; cursor: pointer; }
`;

const SCRIPT = `
const by = (id) => document.getElementById(id);
const cell = (tag, text) => { const node = document.createElement(tag); node.textContent = text; return node; };
const row = (tag, texts) => { const node = document.createElement("tr"); node.append(...texts.map((text) => cell(tag, text))); return node; };
const share = (value) => value === null || value === undefined ? "as it is" : (100 * value).toFixed(1) + " %";
const bp = (variance) => (1e4 * Math.sqrt(variance)).toFixed(1);
let curve = [];
function drawEquity(points) {
  if (points.length > 0) curve = points;
  if (curve.length === 0) return;
  by("equity").textContent = curve.at(-1)[1].toFixed(2);
  const values = curve.map(([, value]) => value);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const at = ([, value], i) => (1000 * i / Math.max(1, curve.length - 1)).toFixed(1) + "," + (170 - 160 * (value - low) / (high - low || 1)).toFixed(1);
  by("line").setAttribute("points", curve.map(at).join(" "));
  by("span").textContent = curve.length + " closes, " + curve[0][0] + " to " + curve.at(-1)[0] + ", from " + low.toFixed(2) + " to " + high.toFixed(2);
}
function words(event) {
  if (event.kind === "fill") return event.filledAt + "  " + event.side + " " + event.units.toPrecision(4) + " " + event.symbol + " at " + Number(event.price.toPrecision(8)) + " (" + event.cause + ")";
  if (event.kind === "decision") return event.time + "  decision: " + [...event.signals.map((s) => s.symbol + " " + s.direction), ...event.reasons].join(", ");
  if (event.kind === "begin") return event.from + "  begin of " + event.symbols.join(", ");
  if (event.kind === "status") return [event.what, event.detail].filter(Boolean).join(": ");
  return event.kind + ": " + event.why;
}
function show(state) {
  drawEquity(state.equity);
  const killed = state.killed !== null;
  by("state").className = killed ? "killed" : "";
  by("state").textContent = killed ? "flat for good: " + state.killed : "running on paper; last decision " + (state.decidedAt ?? "not yet");
  const signals = new Map(state.signals.map((signal) => [signal.symbol, signal]));
  by("positions").replaceChildren(...state.symbols.map((symbol) => {
    const s = signals.get(symbol);
    return row("td", [symbol, share(state.positions[symbol]), ...(s ? [s.direction, s.probability.toFixed(3), share(s.wanted), share(s.target), bp(s.aleatoric), bp(s.latent), bp(s.epistemic)] : Array(7).fill("–"))]);
  }));
  by("limits").replaceChildren(...state.limits.map((text) => cell("li", text)));
  by("tail").replaceChildren(...[...state.tail].reverse().map((event) => cell("li", words(event))));
}
const source = new EventSource("/events");
source.onmessage = ({ data }) => show(JSON.parse(data));
source.onerror = () => { by("state").textContent = "the run does not answer: it has ended, or starts again; this page waits for it"; };
by("kill").addEventListener("submit", async (event) => {
  event.preventDefault();
  const answer = await fetch("/kill", { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ token: by("token").value.trim() }) }).catch(() => undefined);
  by("answer").textContent = answer ? (await answer.text()).trim() : "the run does not answer";
});
`;

const HEADS = [
  ...["symbol", "held", "signal", "P(rise)", "wanted", "after the limits"],
  ...["aleatoric [bp]", "latent [bp]", "epistemic [bp]"],
];

export const PAGE = `<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Paper run</title><style>${STYLE}</style></head><body><main>
<h1>Paper run</h1><p id="state" role="status">waiting for the run</p>
<h2>Equity</h2><div id="equity">–</div>
<svg viewBox="0 0 1000 180" preserveAspectRatio="none" role="img" aria-label="equity over time"><polyline id="line" points=""/></svg><p id="span"></p>
<h2>Positions and the last forecasts</h2><p>Shares of equity; of the forecast return its standard deviations: of the return itself, over the latents, over the parameters.</p><div class="wide" tabindex="0"><table><thead><tr>${HEADS.map((head) => `<th scope="col">${head}</th>`).join("")}</tr></thead><tbody id="positions"></tbody></table></div>
<h2>Risk limits</h2><ul id="limits"></ul>
<h2>Kill switch</h2><form id="kill"><label for="token">Token that was printed when the run began</label><input id="token" autocomplete="off" spellcheck="false"><button type="submit">Make the run flat for good</button><span id="answer" role="status"></span></form>
<h2>Journal, newest first</h2><ul id="tail"></ul>
</main><script>${SCRIPT}</script></body></html>
`;
