// Polls a flag that a timer sets.
let isReady = false;
setTimeout(() => {
  isReady = true;
}, 50);

const until = Date.now() + 700;
function poll(done) {
  if (isReady || Date.now() > until) done();
  else setTimeout(() => poll(done), 5);
}

poll(() => console.log(isReady ? 'ready' : 'never ready'));
