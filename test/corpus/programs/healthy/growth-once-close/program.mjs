// Messages over a channel that may close.
const channel = new EventTarget();
let isClosed = false;
channel.addEventListener('close', () => (isClosed = true), { once: true });

function deliver(message) {
  return new Promise((resolve, reject) => {
    if (isClosed) reject(new Error('closed'));
    setImmediate(resolve, message);
  });
}

let delivered = 0;
for (let i = 0; i < 100; i++) {
  await deliver(i);
  delivered++;
}
console.log(delivered);
