/** What a kernel takes for its converter, by TSLAB_CONVERTER: one that asks the thread of a reproduction to compile its cells. */
const { connect } = require("node:net");
const { createInterface } = require("node:readline");

exports.createConverter = (options) => {
  const made = { ...options, cwd: process.cwd() };
  const waiting = new Map();
  let connection = connect(process.env.VITRADE_COMPILER);
  let local;
  const here = () => {
    local ??= require("tslab/dist/converter.js").createConverter(made); // loads the compiler
    return local;
  };
  const ended = () => {
    connection = undefined;
    for (const { resolve } of waiting.values()) resolve(undefined);
    waiting.clear();
  };
  connection.unref();
  connection.on("close", ended);
  connection.write(`${JSON.stringify(made)}\n`);
  const lines = createInterface({ input: connection });
  for (const one of [connection, lines]) one.on("error", () => {}); // told as the end of the connection
  lines.on("line", (line) => {
    const { id, result, error } = JSON.parse(line);
    const { resolve, reject } = waiting.get(id);
    waiting.delete(id);
    if (waiting.size === 0) connection.unref();
    if (error) reject(new Error(error));
    else resolve(result);
  });
  let asked = 0;
  return {
    async convert(prevDecl, source) {
      const id = asked++;
      const result =
        connection &&
        (await new Promise((resolve, reject) => {
          waiting.set(id, { resolve, reject });
          connection.ref(); // an answer is waited for; else the connection keeps no kernel alive
          connection.write(`${JSON.stringify({ id, prevDecl, source })}\n`);
        }));
      return result ?? here().convert(prevDecl, source);
    },
    inspect: (...asked) => here().inspect(...asked),
    complete: (...asked) => here().complete(...asked),
    addModule: (...asked) => here().addModule(...asked),
    close() {
      connection?.end();
      local?.close();
    },
  };
};
