// What pages do besides, where there is a script: lists renew themselves, and the X-ray says why.
"use strict";

// Lists marked data-live are asked for again while the page is looked at.
const RENEW_MS = 3000;
const live = () => document.querySelectorAll("[data-live]");

async function renew() {
  if (document.hidden || live().length === 0) return;
  try {
    const answer = await fetch(location.href, { headers: { accept: "text/html" } });
    if (!answer.ok || answer.redirected) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const old of live()) {
      const now = fresh.getElementById(old.id);
      // What somebody is about to press stays under their finger.
      if (now && now.innerHTML !== old.innerHTML && !old.contains(document.activeElement)) {
        old.innerHTML = now.innerHTML;
      }
    }
  } catch {
    // The server is away; the next time it may be there.
  }
}
if (live().length > 0) setInterval(renew, RENEW_MS);

// The X-ray: the reason of the block under the pointer, out of the list of blocks.
const xray = document.querySelector(".xray");
const why = document.getElementById("why");
if (xray && why) {
  document.documentElement.classList.add("has-script");
  let shown = null;
  const show = (mark) => {
    const number = mark && mark.dataset.block;
    if (number === shown) return;
    for (const piece of xray.querySelectorAll(".chosen")) piece.classList.remove("chosen");
    shown = number;
    const row = number === undefined || number === null ? null : document.getElementById("block-" + number);
    why.hidden = !row;
    if (!row) return;
    for (const piece of xray.querySelectorAll('[data-block="' + CSS.escape(number) + '"]')) piece.classList.add("chosen");
    const cells = row.querySelectorAll("td");
    const verdict = document.createElement("strong");
    verdict.textContent = "Block " + (Number(number) + 1) + ": " + cells[0].textContent.replace(/(\D)(\d)/, "$1, $2");
    const path = document.createElement("code");
    path.textContent = cells[1].querySelector("code").textContent;
    const reason = document.createElement("p");
    reason.textContent = cells[2].textContent;
    why.replaceChildren(verdict, reason, path);
  };
  const over = (event) => {
    const mark = event.target.closest("mark[data-block]");
    if (mark) show(mark);
  };
  xray.addEventListener("mouseover", over);
  xray.addEventListener("click", over);
  xray.addEventListener("mouseleave", () => show(null));
}
