/** Cards of terms: shown where a term is pointed at, reached by the keyboard, or touched once; a second touch follows its link. */

/** Pixels between a term and its card, and between a card and the edge of the window. */
const [GAP, EDGE] = [6, 12];
const WAIT_MS = 150;

let card;
let shown;
let leaving;

/** Listens to the whole page, once; without it terms are links to their entries. */
export function watchTerms() {
  if (card) return;
  card = document.body.appendChild(document.createElement("div"));
  Object.assign(card, { id: "vt-card", className: "vt-note", hidden: true });
  card.setAttribute("role", "tooltip");
  const over = ({ target }) => {
    const term = termOf(target);
    if (term) show(term);
    else if (card.contains(target)) clearTimeout(leaving);
    else hideSoon();
  };
  document.addEventListener("pointerover", (event) => event.pointerType === "mouse" && over(event));
  document.addEventListener("focusin", over);
  document.addEventListener("focusout", hideSoon);
  document.addEventListener("keydown", ({ key }) => key === "Escape" && hide());
  let open;
  document.addEventListener("pointerdown", ({ pointerType }) => {
    open = pointerType === "mouse" ? undefined : { term: shown };
  });
  document.addEventListener("click", (event) => {
    const term = termOf(event.target);
    if (!term) return hide();
    const touchedFirst = open && open.term !== term;
    open = undefined;
    if (!touchedFirst) return;
    event.preventDefault();
    show(term);
  });
}

/** Takes the card of the last page away. */
export function hide() {
  clearTimeout(leaving);
  shown?.removeAttribute("aria-describedby");
  shown = undefined;
  if (card) card.hidden = true;
}

function hideSoon() {
  clearTimeout(leaving);
  leaving = setTimeout(hide, WAIT_MS);
}

function termOf(target) {
  return target instanceof Element ? target.closest(".vt-term") : undefined;
}

function show(term) {
  clearTimeout(leaving);
  if (term === shown) return;
  hide();
  shown = term;
  card.textContent = term.dataset.card;
  card.hidden = false;
  term.setAttribute("aria-describedby", card.id);
  const place = term.getClientRects()[0] ?? term.getBoundingClientRect();
  const { width, height } = card.getBoundingClientRect();
  const room = document.documentElement.clientWidth;
  const below = place.bottom + GAP + height <= window.innerHeight || place.top < GAP + height;
  const left = Math.max(EDGE, Math.min(place.left, room - width - EDGE));
  const top = below ? place.bottom + GAP : place.top - GAP - height;
  card.style.left = `${left + window.scrollX}px`;
  card.style.top = `${top + window.scrollY}px`;
}
