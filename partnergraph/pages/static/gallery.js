// Finds stored queries by the words of their titles and descriptions; without it all are there.

const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

const box = document.querySelector("#find-question");
const groups = [...document.querySelectorAll("[data-group]")];
const none = document.querySelector("#no-question");

function show() {
  const words = plain(box.value).split(/\s+/).filter(Boolean);
  let found = 0;
  for (const group of groups) {
    const items = [...group.querySelectorAll("li")];
    for (const item of items) {
      const text = plain(item.textContent);
      item.hidden = !words.every((word) => text.includes(word));
      found += item.hidden ? 0 : 1;
    }
    group.hidden = items.every((item) => item.hidden);
  }
  none.hidden = found > 0;
}

box.closest("[hidden]").hidden = false;
box.addEventListener("input", show);
show(); // The browser may have kept what was typed before.
