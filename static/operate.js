// Progress of a solve as it happens; without this file the page asks again every three seconds.
(() => {
  const box = document.querySelector("[data-progress]");
  if (!box || !window.EventSource) return;
  const bar = box.querySelector("progress");
  const news = box.querySelector("[data-news]");
  const feed = new EventSource(box.dataset.progress);
  feed.addEventListener("progress", (event) => {
    const said = JSON.parse(event.data);
    if (said.phase === "model") news.textContent = box.dataset.model;
    if (said.phase === "certified") news.textContent = box.dataset.certified;
    if (said.phase === "solved" && said.groups) {
      bar.max = said.groups;
      bar.value = said.done;
      news.textContent = `${box.dataset.solved} ${said.done} / ${said.groups}`;
    }
  });
  feed.addEventListener("state", (event) => {
    if (JSON.parse(event.data).status === "solving") return;
    feed.close();
    location.replace(location.pathname);
  });
  // The stream ends with the solve; a browser would come back for ever.
  feed.addEventListener("error", () => { feed.close(); setTimeout(() => location.replace(location.pathname), 2000); });
})();
