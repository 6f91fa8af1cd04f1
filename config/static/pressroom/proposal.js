// The box in the head of the proposal ticks all of its rows, and shows whether all are ticked.
document.querySelectorAll("[data-proposal]").forEach((form) => {
  const all = form.querySelector("[data-all]");
  const rows = [...form.querySelectorAll("input[name=invoice]")];
  if (!all) return;
  const show = () => {
    const ticked = rows.filter((row) => row.checked).length;
    all.checked = ticked === rows.length;
    all.indeterminate = ticked > 0 && ticked < rows.length;
  };
  all.addEventListener("change", () => { rows.forEach((row) => { row.checked = all.checked; }); show(); });
  rows.forEach((row) => row.addEventListener("change", show));
  show(); // after the back button boxes are as they were left
});
