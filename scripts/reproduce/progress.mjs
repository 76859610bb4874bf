import { availableParallelism } from "node:os";
import path from "node:path";

/** How many notebooks run at once. */
export const atOnce = Math.min(2, availableParallelism());

/** The threads of each of so many notebooks that run at once: together, those of the machine. */
export function threadsEach(notebooks) {
  return Math.max(1, Math.floor(availableParallelism() / notebooks));
}

/** A notebook's name as it is shown. */
export function nameOf(file) {
  return path.basename(file, ".ipynb").replace("-", " ");
}

function line(state) {
  const seconds = Math.round((performance.now() - state.started) / 1000);
  if (state.ending) return `${state.name}  ${state.ending}  ${seconds} s`;
  return `${state.name}  ${state.cells ? `cell ${state.cell}/${state.cells}` : "starting"}  ${seconds} s`;
}

/**
 * One line for each notebook under way: rewritten in place on a terminal, else written at the start, every 10 s and at
 * the end.
 */
export function showProgress(out = process.stdout) {
  const states = new Map();
  let drawn = 0;
  const draw = () => {
    const lines = [...states.values()].map(line);
    const up = drawn > 0 ? `\x1b[${drawn}A` : "";
    out.write(`${up}${lines.map((text) => `\x1b[2K${text}\n`).join("")}`);
    drawn = lines.length;
  };
  const tell = () => {
    for (const state of states.values()) if (!state.ending) out.write(`${line(state)}\n`);
  };
  const timer = out.isTTY ? setInterval(draw, 500) : setInterval(tell, 10_000);
  const shown = (state) => (out.isTTY ? draw() : out.write(`${line(state)}\n`));
  return {
    start(file) {
      states.set(file, { name: nameOf(file), started: performance.now(), cell: 0, cells: 0, ending: "" });
      shown(states.get(file));
    },
    update(file, event) {
      const state = states.get(file);
      if (event.cells) state.cells = event.cells;
      if (event.cell) state.cell = event.cell;
    },
    end(file, ending) {
      const state = states.get(file);
      state.ending = ending;
      shown(state);
      if (!out.isTTY) states.delete(file);
    },
    /** Lines that stay, above those of the notebooks under way. */
    say(lines) {
      if (out.isTTY && drawn > 0) out.write(`\x1b[${drawn}A\x1b[0J`);
      drawn = 0;
      out.write(lines.map((text) => `${text}\n`).join(""));
      if (out.isTTY) draw();
    },
    close() {
      clearInterval(timer);
    },
  };
}
