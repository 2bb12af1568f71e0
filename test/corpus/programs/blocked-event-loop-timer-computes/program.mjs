// A heartbeat every 20 ms; another timer computes a forecast.
function forecast(days) {
  let value = 1;
  for (let i = 0; i < days * 4_000_000; i++) value = (value * 31 + i) % 1_000_003;
  return value;
}

let beats = 0;
const heartbeat = setInterval(() => beats++, 20);
setTimeout(() => {
  console.log(forecast(40) > 0);
  setTimeout(() => {
    clearInterval(heartbeat);
    console.log(beats < 20 ? 'beats were missed' : 'no beat was missed');
  }, 50);
}, 50);
