/** Makes live what the pages also say without a script: the time that is left, local times, an order that settles. */
const SECOND_MS = 1000;
const ANNOUNCED_SECONDS = [600, 300, 120, 60, 30, 10];

for (const element of document.querySelectorAll("[data-countdown]")) startCountdown(element);
for (const time of document.querySelectorAll("time[data-local]")) showLocal(time);
for (const element of document.querySelectorAll("[data-poll]")) poll(element);
for (const element of document.querySelectorAll("[data-opens]")) startOpening(element);

// A page that comes back from the browser's memory would show a time that has passed.
addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});

// The second of two clicks would be told that the first one has done it already.
for (const form of document.querySelectorAll("form[data-once]")) {
  let sentAt = Number.NEGATIVE_INFINITY;
  form.addEventListener("submit", (event) => {
    if (performance.now() - sentAt < 3 * SECOND_MS) event.preventDefault();
    else sentAt = performance.now();
  });
}

function startCountdown(element) {
  const [navigation] = performance.getEntriesByType("navigation");
  const end = (navigation?.responseStart ?? performance.now()) + Number(element.dataset.countdown);
  const clock = element.querySelector(".clock");
  const status = element.querySelector("[role=status]");
  if (Number(element.dataset.countdown) <= 0) return;
  const [image] = element.querySelectorAll("img");
  // Until the picture without digits is there, its own would stand under these.
  image?.addEventListener("load", show);
  for (const source of element.querySelectorAll("source")) source.srcset += "&digits=off";
  if (image === undefined) show();
  else image.src += "?digits=off";
  const timer = setInterval(tick, SECOND_MS / 4);
  let shown;
  tick();

  function show() {
    if (image !== undefined && !image.currentSrc.includes("digits=off")) return;
    clock.hidden = false;
    for (const words of element.querySelectorAll(".static")) words.hidden = true;
  }

  function tick() {
    const seconds = Math.max(0, Math.ceil((end - performance.now()) / SECOND_MS));
    if (seconds === shown) return;
    shown = seconds;
    clock.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    element.classList.toggle("hurry", seconds <= 120);
    if (ANNOUNCED_SECONDS.includes(seconds)) status.textContent = `${inWords(seconds)} left.`;
    if (seconds > 0) return;
    clearInterval(timer);
    status.textContent = "The time is over.";
    setTimeout(() => location.replace(location.pathname), 2 * SECOND_MS);
  }
}

/** Counts down by the server's clock, and lets the form's button wait for it. */
function startOpening(element) {
  const [navigation] = performance.getEntriesByType("navigation");
  const form = element.closest("form");
  const untilOpen = Number(element.dataset.opens) - Number(form.elements.key.dataset.now);
  const end = (navigation?.responseStart ?? performance.now()) + untilOpen;
  const clock = element.querySelector(".clock");
  const status = element.querySelector("[role=status]");
  const button = form.querySelector("button[type=submit]");
  button.disabled = true;
  clock.hidden = false;
  const timer = setInterval(tick, SECOND_MS / 4);
  tick();

  function tick() {
    const left = end - performance.now();
    const seconds = Math.max(0, Math.ceil(left / SECOND_MS));
    clock.textContent = `Opens in ${untilThen(seconds)}`;
    if (ANNOUNCED_SECONDS.includes(seconds) && status.dataset.said !== String(seconds)) {
      status.dataset.said = String(seconds);
      status.textContent = `Opens in ${inWords(seconds)}.`;
    }
    if (left > 0) return;
    clearInterval(timer);
    button.disabled = false;
    clock.hidden = true;
    status.textContent = "It can be reserved now.";
    element.querySelector("p").textContent = "It can be reserved now.";
    for (const badge of document.querySelectorAll(".badge.not_yet")) badge.remove();
  }
}

/** "2 days, 3:04:05", as far as there are days and hours. */
function untilThen(seconds) {
  const two = (number) => String(number).padStart(2, "0");
  const days = Math.floor(seconds / 86_400);
  const hours = Math.floor(seconds / 3600) % 24;
  const minutes = Math.floor(seconds / 60) % 60;
  const clock =
    seconds < 3600
      ? `${minutes}:${two(seconds % 60)}`
      : `${hours}:${two(minutes)}:${two(seconds % 60)}`;
  if (days === 0) return clock;
  return `${days} day${days === 1 ? "" : "s"}, ${clock}`;
}

function inWords(seconds) {
  const [count, unit] = seconds >= 60 ? [seconds / 60, "minute"] : [seconds, "second"];
  return `${count} ${unit}${count === 1 ? "" : "s"}`;
}

function showLocal(time) {
  const day = time.dataset.local === "day" ? { day: "numeric", month: "long" } : {};
  const options = { hour: "numeric", minute: "2-digit", ...day };
  time.textContent = new Intl.DateTimeFormat("en", options).format(new Date(time.dateTime));
}

function poll(element) {
  const again = () => setTimeout(look, Number(element.dataset.poll) * SECOND_MS);
  async function look() {
    try {
      const text = await (await fetch(location.href)).text();
      const page = new DOMParser().parseFromString(text, "text/html");
      const fresh = page.querySelector("[data-state]")?.dataset.state;
      if (fresh !== undefined && fresh !== element.dataset.state) return location.reload();
    } catch {
      // Offline for a moment: the next look may succeed.
    }
    again();
  }
  again();
}
