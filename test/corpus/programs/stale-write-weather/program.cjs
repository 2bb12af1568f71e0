// The weather of the city that was typed last.
let weather = 'none yet';

function forecast(city) {
  const ms = city.length < 4 ? 300 : 50;
  return new Promise((resolve) => setTimeout(() => resolve(`sunny in ${city}`), ms));
}

function onInput(city) {
  forecast(city).then((answer) => {
    weather = answer.toUpperCase();
  });
}

for (const [at, city] of [
  [0, 'Rom'],
  [100, 'Rome'],
])
  setTimeout(() => onInput(city), at);

setTimeout(async () => {
  await null;
  console.log(weather);
}, 450);
