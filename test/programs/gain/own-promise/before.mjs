// gain: together 5
const later = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function main() {
  for (const ms of [35, 45, 25, 55]) await later(ms);
}

await main();
console.log('done');
