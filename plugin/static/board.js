// Saving the ranking from inside a frame: the key of this page goes along, so a plain link would not do.
"use strict";
document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[data-download]");
  if (!link) return;
  event.preventDefault();
  const answer = await window.kithspark.ask(link.getAttribute("href")).catch(() => null);
  if (!answer || !answer.ok) return window.kithspark.silent();
  const file = document.createElement("a");
  file.href = URL.createObjectURL(await answer.blob());
  file.download = link.dataset.download;
  file.click();
  setTimeout(() => URL.revokeObjectURL(file.href), 60 * 1000);
});
