/**
 * Who may import whom, said once in layers.json: `node scripts/lint/layers.mjs` writes the linter's part of it into biome.json, and a test holds the
 * two together.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { inRoot } from "../setup/paths.mjs";

/** Each room of the library with the rooms it may import, and the files that know danfo. */
export const { allowed, danfoDoors } = JSON.parse(readFileSync(inRoot("scripts/lint/layers.json"), "utf8"));

export const rooms = Object.keys(allowed);

/** Packages that are met in some rooms only, with what is said elsewhere. */
const homes = [
  {
    group: ["@tensorflow/*", "@tensorflow/**", "tfjs-node-native"],
    rooms: ["nn"],
    message: "Only nn/, models/ and prob/ know TensorFlow.js.",
    inside: {
      rooms: ["prob", "models"],
      group: ["@tensorflow/tfjs-backend-wasm", "tfjs-node-native"],
      message: "The backend is chosen in nn/backend.ts.",
    },
  },
  { group: ["bullmq", "ioredis"], rooms: ["sweep"], message: "Only sweep/ talks to a queue." },
  { group: ["ccxt", "ccxt/**"], rooms: ["market"], message: "Only market/ talks to an exchange." },
  {
    group: ["plotly.js", "plotly.js-dist", "tslab"],
    rooms: ["plot"],
    message: "Only plot/ knows plotly and tslab.",
  },
];

const danfo = {
  group: ["danfojs-node"],
  message: "Only market/frame.ts and plot/notebook/table.ts know danfo.",
};

function packagesFor(room) {
  return homes.flatMap(({ group, rooms: own, message, inside }) => {
    if (own.includes(room)) return [];
    if (inside?.rooms.includes(room)) return [{ group: inside.group, message: inside.message }];
    return [{ group, message }];
  });
}

/** All files of a room but its doors: its own index.ts and one a folder. */
const behindTheDoors = (room) => [`**/${room}/**`, `!**/${room}/index.js`, `!**/${room}/*/index.js`];

function patternsFor(room) {
  const others = rooms.filter((other) => other !== room);
  const forbidden = others.filter((other) => !allowed[room].includes(other));
  return [
    ...(forbidden.length > 0
      ? [
          {
            group: forbidden.map((other) => `**/${other}/**`),
            message: `${room}/ may import only: ${allowed[room].join(", ") || "nothing of the library"}.`,
          },
        ]
      : []),
    ...allowed[room].map((other) => ({
      group: behindTheDoors(other),
      message: `Import an index.js of ${other}/: what other rooms may use stands there.`,
    })),
    {
      group: ["./index.js", "../index.js", "../../index.js"],
      message: "Inside a room, import the file that holds it.",
    },
    ...packagesFor(room),
  ];
}

function override(includes, patterns) {
  const noRestrictedImports = { level: "error", options: { patterns } };
  return { includes: [includes], linter: { rules: { style: { noRestrictedImports } } } };
}

/** The linter's overrides: one a room, then the two doors at which danfo is met. */
export function layerOverrides() {
  return [
    ...rooms.map((room) => override(`lib/${room}/**`, [...patternsFor(room), danfo])),
    ...danfoDoors.map((file) => override(file, patternsFor(file.split("/")[1]))),
  ];
}

/** The configuration with the overrides of this file in place of its own. */
export function withLayers(config) {
  const others = config.overrides.filter(({ includes }) => !includes.some((name) => name.startsWith("lib/")));
  return { ...config, overrides: [...others, ...layerOverrides()] };
}

if (process.argv[1] === import.meta.filename) {
  const file = inRoot("biome.json");
  writeFileSync(file, `${JSON.stringify(withLayers(JSON.parse(readFileSync(file, "utf8"))), null, 2)}\n`);
}
