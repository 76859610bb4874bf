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

  /** The dark theme stands beside this file; the page's other users of it are none of ours. */
  let night;
  const dark = () => (night ??= import(new URL("dark.js", base).href));

  /** Whether JupyterLab or Notebook wears a dark theme now. */
  const isDark = () => document.body?.dataset.jpThemeLight === "false";

  /** The renderers that are on the page: all are drawn anew when the theme changes. */
  const renderers = new Set();
  let watching;
  function watchTheme() {
    watching ??= new MutationObserver(() => {
      for (const renderer of renderers) renderer.repaint();
    });
    watching.observe(document.body, { attributes: true, attributeFilter: ["data-jp-theme-light"] });
  }

  /** Traces that are drawn on maps from a network, or show a picture. */
  const FETCHING = /^(scattergeo|choropleth|(scatter|choropleth|density)map(box)?|image)$/;
  const FOREIGN = /^(images|source|geojson|topojson|topojsonURL|plotlyServerURL|geo\d*|map\d*|mapbox\d*|mapboxAccessToken)$/;
  const ADDRESS = /^\s*([a-z][a-z0-9+.-]*:)?[\\/]{2}/i;

  /**
   * A figure without whatever names an address to fetch from, such as pictures, maps and their shapes: to look at a notebook must
   * tell nobody of it. Texts may name addresses, which nothing follows by itself.
   */
  function own(value, isArgument = false) {
    if (typeof value === "string") return isArgument && (ADDRESS.test(value) || FETCHING.test(value)) ? null : value;
    if (Array.isArray(value)) return value.map((entry) => own(entry, isArgument));
    if (typeof value !== "object" || value === null) return value;
    const isForeign = ([name, entry]) =>
      name.split(/[.[\]]/).some((part) => FOREIGN.test(part) && (part !== "source" || typeof entry === "string"));
    const kept = Object.entries(value).filter((entry) => !isForeign(entry)); // the sources of a Sankey diagram are numbers
    return Object.fromEntries(kept.map(([name, entry]) => [name, own(entry, isArgument || /^args2?$/.test(name))]));
  }

  /** The figure as it is drawn. @throws Error where a trace needs a network: then the picture stands for it. */
  function safeFigure({ data, layout }) {
    const far = [...(data ?? []), ...Object.values(layout?.template?.data ?? {}).flat()].find(
      (trace) => FETCHING.test(trace?.type ?? "") || typeof trace?.geojson === "string",
    );
    if (far) throw new Error(`a trace of type ${far.type} is drawn from a network`);
    return { data: own(data ?? []), layout: own(layout ?? {}) };
  }

  /** Settings of its own: those of the output could name servers. */
  const CONFIG = {
    displaylogo: false,
    plotlyServerURL: "",
    showSendToCloud: false,
    showEditInChartStudio: false,
    topojsonURL: new URL("none/", base).href,
    modeBarButtonsToRemove: ["lasso2d", "select2d"],
    responsive: false,
  };

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
        renderers.add(this);
        watchTheme();
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

      /** Draws once more, in the theme that there is now. */
      repaint() {
        this.width = 0;
        this.fit();
      }

      async draw(width) {
        const [Plotly, { darkFigure }] = await Promise.all([plotly(), dark()]);
        if (this.isDisposed || width !== this.width) return;
        const day = safeFigure(JSON.parse(this.figure));
        const { data, layout } = isDark() ? darkFigure(day) : day;
        const plot = this.plot ?? element("div", {});
        if (!this.plot) this.frame.appendChild(plot);
        try {
          const fitted = { ...layout, width: layout.width ?? width };
          await Plotly.react(plot, data, fitted, CONFIG);
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
        renderers.delete(this);
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
    safeFigure,
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
