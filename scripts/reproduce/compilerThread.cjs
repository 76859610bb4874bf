/** The thread that compiles cells for kernels: a connection a kernel, JSON a line. */
const { createServer } = require("node:net");
const { createInterface } = require("node:readline");
const { parentPort, workerData } = require("node:worker_threads");
const { createConverter } = require("tslab/dist/converter.js");

/** Converters that no kernel uses now, by what they were made with. */
const idle = new Map();

function converterOf(options) {
  const made = JSON.stringify(options);
  const waiting = idle.get(made)?.pop();
  return { made, converter: waiting ?? createConverter(options) };
}

/** Serves one kernel; what it sends first are the options of its converter. */
function serve(connection) {
  let own;
  const answer = ({ id, prevDecl, source }) => {
    try {
      const result = own.converter.convert(prevDecl, source);
      // Files of the kernel's own are handed out once a converter: the next kernel gets a new one.
      if (result.sideOutputs) own.made = undefined;
      return { id, result };
    } catch (error) {
      own.made = undefined;
      return { id, error: error.stack };
    }
  };
  const lines = createInterface({ input: connection });
  for (const one of [connection, lines]) one.on("error", () => {}); // a kernel that was ended
  lines.on("line", (line) => {
    const asked = JSON.parse(line);
    if (own) connection.write(`${JSON.stringify(answer(asked))}\n`);
    else own = converterOf(asked);
  });
  connection.on("close", () => {
    if (!own) return;
    if (own.made === undefined) own.converter.close();
    else idle.set(own.made, [...(idle.get(own.made) ?? []), own.converter]);
  });
}

const server = createServer(serve);
server.on("error", () => parentPort.postMessage(false));
server.listen(workerData.socket, () => parentPort.postMessage(true));
