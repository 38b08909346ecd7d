// Small comforts at the desk of a call: a share from its file, and looking again while scenarios are being solved.
"use strict";
(() => {
  for (const box of document.querySelectorAll("[data-upload]")) {
    box.hidden = false;
    const file = box.querySelector("input"), text = box.closest(".field").querySelector("textarea");
    // Read here and put into the field; the file itself is not sent.
    file.addEventListener("change", async () => { if (file.files[0]) text.value = (await file.files[0].text()).slice(0, 400).trim(); });
  }
  if (document.querySelector("[data-again]")) setTimeout(() => location.replace(location.pathname), 2000);
})();
