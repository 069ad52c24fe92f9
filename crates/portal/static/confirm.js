// Single keys on the page where proposals are confirmed: each presses what stands on the page and nothing else. Without this script
// the same buttons are there. They can be turned off, since whoever speaks to a computer types letters without meaning them
// (WCAG 2.1.4), and they are silent while something is being written.
"use strict";
(() => {
  const offer = document.querySelector("[data-keys]");
  if (!offer) return;
  const on = offer.querySelector("input");
  offer.hidden = false;
  const remembered = () => { try { return localStorage.getItem("confirm-keys"); } catch { return null; } };
  on.checked = remembered() !== "off";
  on.addEventListener("change", () => {
    try { localStorage.setItem("confirm-keys", on.checked ? "on" : "off"); } catch { /* Then it holds for this page. */ }
  });
  const writes = (one) => one.matches("textarea, select, input:not([type=checkbox])");
  let sent = false;
  document.addEventListener("submit", () => { sent = true; });
  addEventListener("pageshow", () => { sent = false; });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.repeat || event.isComposing) return;
    if (event.key === "Escape" && writes(event.target)) { document.getElementById("now")?.focus(); return; }
    if (!on.checked || sent || writes(event.target)) return;
    const key = event.key.toLowerCase();
    const found = [...document.querySelectorAll("[data-key]")].find((one) => one.dataset.key === key);
    if (!found) return;
    event.preventDefault();
    if (writes(found)) { found.focus(); found.select?.(); } else found.click();
  });
  document.getElementById("now")?.scrollIntoView({ block: "center" });
})();
