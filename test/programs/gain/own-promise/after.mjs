const later = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function main() {
  await Promise.all([35, 45, 25, 55].map(later));
}

await main();
console.log('done');
