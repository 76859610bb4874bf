/** Pictures from one process that draws for many kernels, so that not each of them loads Plotly. */
import { createServer, request, type Server } from "node:http";
import { text } from "node:stream/consumers";
import type { PictureSize } from "./picture.js";

/** A picture to draw. */
export interface Drawing {
  /** A figure that was checked and is canonical, as JSON. */
  readonly json: string;
  readonly size: PictureSize;
  /** Pixels of the picture a pixel of the figure. */
  readonly scale: number;
}

/** The PNG of a drawing, drawn in this process. @throws RangeError when a text has characters that the font lacks. */
export async function drawHere({ json, size, scale }: Drawing): Promise<Buffer> {
  const { drawJson, drawPng } = await import("./picture.js"); // loads jsdom, which a kernel that draws elsewhere never needs
  return drawPng(await drawJson(json, size), scale);
}

/**
 * The PNG of a drawing by the process that listens at `socket`; drawn here where none listens.
 * @throws RangeError as `drawHere`.
 */
export async function drawElsewhere(socket: string, drawing: Drawing): Promise<Buffer> {
  const answer = await ask(socket, JSON.stringify(drawing));
  if (!answer) return drawHere(drawing);
  if (answer.status === 200) return Buffer.from(answer.body, "base64");
  throw new RangeError(answer.body);
}

interface Answer {
  readonly status: number | undefined;
  readonly body: string;
}

function ask(socketPath: string, body: string): Promise<Answer | undefined> {
  return new Promise((resolve) => {
    const asked = request({ socketPath, method: "POST" }, (response) => {
      text(response).then(
        (said) => resolve({ status: response.statusCode, body: said }),
        () => resolve(undefined),
      );
    });
    asked.on("error", () => resolve(undefined));
    asked.end(body);
  });
}

/** Draws for others at `socket`, one picture at a time, until the server is closed. */
export function serveDrawings(socket: string): Promise<Server> {
  let last: Promise<unknown> = Promise.resolve();
  const server = createServer((asked, answer) => {
    const before = last.catch(() => {});
    const drawn = Promise.all([text(asked), before]).then(([body]) => drawHere(JSON.parse(body) as Drawing));
    last = drawn;
    drawn.then(
      (png) => answer.end(png.toString("base64")),
      (error) => answer.writeHead(422).end((error as Error).message),
    );
  });
  return new Promise((resolve, reject) => {
    server.once("error", reject).listen(socket, () => resolve(server));
  });
}
