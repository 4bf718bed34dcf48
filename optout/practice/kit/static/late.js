// A page that comes for everybody, and leads strangers to the door once it has asked who is there.
fetch('/practice/whoami').then((answer) => {
  if (!answer.ok) location.replace(document.getElementById('late').dataset.door);
});
