// Messages over a channel that may close.
const channel = new EventTarget();

function deliver(message) {
  return new Promise((resolve, reject) => {
    channel.addEventListener('close', () => reject(new Error('closed')), { once: true });
    setImmediate(resolve, message);
  });
}

let delivered = 0;
for (let i = 0; i < 100; i++) {
  await deliver(i);
  delivered++;
}
console.log(delivered);
