// A heartbeat every 20 ms; a forecast is computed in small pieces.
async function forecast(days) {
  let value = 1;
  for (let day = 0; day < days; day++) {
    for (let i = 0; i < 200_000; i++) value = (value * 31 + i) % 1_000_003;
    await new Promise((resolve) => setImmediate(resolve));
  }
  return value;
}

let beats = 0;
const heartbeat = setInterval(() => beats++, 20);
setTimeout(async () => {
  console.log((await forecast(40)) > 0);
  setTimeout(() => {
    clearInterval(heartbeat);
    console.log(beats > 0);
  }, 50);
}, 50);
