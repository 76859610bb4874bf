/** The script of a report's page: once Plotly is unpacked, a figure takes the place of its picture. */
export const VIEWER = `
(async () => {
  const packed = document.getElementById("plotly").textContent;
  const bytes = Uint8Array.from(atob(packed), (c) => c.charCodeAt(0));
  const unpacked = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  const script = document.createElement("script");
  script.textContent = await new Response(unpacked).text();
  document.head.append(script);
  const config = { displaylogo: false, plotlyServerURL: "", showSendToCloud: false, responsive: false };
  for (const node of document.querySelectorAll(".figure")) {
    const { data, layout } = JSON.parse(node.querySelector("script").textContent);
    const plot = document.createElement("div");
    await Plotly.newPlot(plot, data, { ...layout, width: layout.width ?? 760 }, config);
    node.querySelector("img").replaceWith(plot);
  }
})().catch((error) => console.warn("the pictures stand for the figures:", error));
`;
