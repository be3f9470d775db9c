// A file may be dropped on the form; its text is then seen before it is sent.

const area = document.querySelector("#graph");
const file = document.querySelector("#file");
const syntax = document.querySelector("#syntax");

async function read(dropped) {
  area.value = await dropped.text();
  const ending = dropped.name.split(".").pop().toLowerCase();
  if ([...syntax.options].some((one) => one.value === ending)) syntax.value = ending;
}

area.addEventListener("dragover", (event) => event.preventDefault());
area.addEventListener("drop", (event) => {
  if (!event.dataTransfer.files.length) return;
  event.preventDefault();
  read(event.dataTransfer.files[0]);
});
file.addEventListener("change", async () => {
  if (!file.files.length) return;
  await read(file.files[0]);
  file.value = ""; // The text is what is sent: it may be changed first.
});
