// Asks again and again whether the person has approved, then sends the form by itself.
const form = document.querySelector("#in-app-challenge");
const number = (id) => Number(document.getElementById(id).textContent);
const pause = number("pollingFrequencyInSeconds") * 1000;
const end = number("startTimestampInMillis") + number("totalPollingTimeInSeconds") * 1000;

async function poll() {
  if (Date.now() > end) {
    document.querySelector(".polling-over").classList.remove("hidden");
    return;
  }
  const challenge = form.elements.challengeId.value;
  const answer = await fetch(`/checkpoint/challengesV2/poll/${challenge}`, { method: "POST" });
  const state = answer.ok ? (await answer.json()).pollingResponseChallengeStateV2 : "";
  if (state === "SOLVED") {
    form.submit();
  } else {
    setTimeout(poll, pause);
  }
}

poll();
