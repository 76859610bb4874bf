/**
 * Draws application/vnd.plotly.v1+json in JupyterLab 4 and Notebook 7, in the form of a federated module so that no build
 * is needed. plotly.js stands beside this file.
 *
 * The picture of the output stands there at once and stays if anything fails; the live figure takes its place when it has a
 * width to be drawn at. The output's data are copied before Plotly sees them, and nothing is written back: looking at a figure
 * does not change the notebook.
 */
(() => {
  "use strict";
  const NAME = "vitrade-plotly";
  const MIME = "application/vnd.plotly.v1+json";
  const LEAST_WIDTH = 720;
  const MOST_WIDTH = 1000;
  const base = new URL(".", document.currentScript.src);

  let loading;

  /** Loads Plotly once, past any AMD loader, and leaves another Plotly of the page where it was. */
  function plotly() {
    loading ??= new Promise((resolve, reject) => {
      const { define, Plotly: other } = window;
      const script = document.createElement("script");
      const restore = () => {
        window.define = define;
        const own = window.Plotly;
        if (other) window.Plotly = other;
        return own;
      };
      script.src = new URL("plotly.js", base).href;
      script.onload = () => {
        const own = restore();
        if (own && own !== other) resolve(own);
        else reject(new Error("plotly.js did not give Plotly"));
      };
      script.onerror = () => {
        restore();
        reject(new Error(`${script.src} did not load`));
      };
      window.define = undefined;
      document.head.appendChild(script);
    });
    return loading;
  }

  function element(tag, style) {
    const node = document.createElement(tag);
    Object.assign(node.style, style);
    return node;
  }

  const rendererOf = (Widget) =>
    class FigureRenderer extends Widget {
      constructor() {
        super();
        this.addClass(NAME);
        Object.assign(this.node.style, { overflowX: "auto" });
        this.frame = element("div", { minWidth: `${LEAST_WIDTH}px`, maxWidth: `${MOST_WIDTH}px` });
        this.node.appendChild(this.frame);
        this.width = 0;
        this.observer = new ResizeObserver(() => this.fit());
        this.observer.observe(this.frame);
      }

      /** Takes a model and shows its picture; `fit` draws the figure. */
      async renderModel(model) {
        this.figure = JSON.stringify(model.data[MIME]);
        if (!this.plot) this.showPicture(model.data["image/png"], model.data["text/plain"]);
        this.width = 0;
        this.fit();
      }

      showPicture(png, text) {
        this.picture = element(png ? "img" : "pre", { maxWidth: "100%" });
        if (png) this.picture.src = `data:image/png;base64,${png}`;
        if (png) this.picture.width = 760;
        if (png) this.picture.alt = String(text ?? "figure");
        else this.picture.textContent = String(text ?? "");
        this.frame.replaceChildren(this.picture);
      }

      /** Draws at the width there is, once for each width and never at none. */
      fit() {
        const width = Math.round(this.frame.clientWidth);
        if (this.isDisposed || width === 0 || width === this.width || this.figure === undefined) return;
        this.width = width;
        this.drawn = (this.drawn ?? Promise.resolve()).then(() => this.draw(width)).catch((error) => {
          console.warn(`${NAME}: the picture stands for the figure`, error);
        });
      }

      async draw(width) {
        const Plotly = await plotly();
        if (this.isDisposed || width !== this.width) return;
        const { data, layout, config } = JSON.parse(this.figure);
        const plot = this.plot ?? element("div", {});
        if (!this.plot) this.frame.appendChild(plot);
        try {
          const fitted = { ...layout, width: layout.width ?? width };
          await Plotly.react(plot, data, fitted, { ...config, responsive: false, showSendToCloud: false });
          this.plot = plot;
          this.picture?.remove();
        } catch (error) {
          Plotly.purge(plot);
          if (plot !== this.plot) plot.remove();
          throw error;
        }
      }

      onAfterAttach(message) {
        super.onAfterAttach(message);
        this.fit();
      }

      onAfterShow(message) {
        super.onAfterShow(message);
        this.fit();
      }

      dispose() {
        if (this.isDisposed) return;
        this.observer.disconnect();
        if (this.plot) plotly().then((Plotly) => Plotly.purge(this.plot));
        super.dispose();
      }
    };

  let scope;

  /** The newest copy of a module that the application shares. */
  async function shared(name) {
    const copies = Object.entries(scope[name] ?? {});
    if (copies.length === 0) throw new Error(`${NAME}: the application does not share ${name}`);
    const [, copy] = copies.find(([, { loaded }]) => loaded) ?? copies[copies.length - 1];
    return (await copy.get())();
  }

  const container = {
    init(shareScope) {
      scope = shareScope;
    },
    async get(module) {
      if (module !== "./mime") throw new Error(`${NAME}: no module ${module}`);
      const { Widget } = await shared("@lumino/widgets");
      const Renderer = rendererOf(Widget);
      const rendererFactory = { safe: true, mimeTypes: [MIME], createRenderer: () => new Renderer() };
      const extension = { id: `${NAME}:factory`, rendererFactory, rank: 0, dataType: "json" };
      return () => ({ __esModule: true, default: extension });
    },
  };

  window._JUPYTERLAB ??= {};
  window._JUPYTERLAB[NAME] = container;
})();
