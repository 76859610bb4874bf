/** The button that shows or hides all code of a page. */
export function watchCode() {
  for (const button of document.querySelectorAll(".vt-unfold")) {
    if (button.dataset.ready) continue;
    button.dataset.ready = "true";
    button.addEventListener("click", () => {
      const open = button.getAttribute("aria-pressed") !== "true";
      button.setAttribute("aria-pressed", String(open));
      button.textContent = open ? "Hide all code" : "Show all code";
      for (const block of document.querySelectorAll("details.vt-code")) block.open = open;
    });
  }
}
