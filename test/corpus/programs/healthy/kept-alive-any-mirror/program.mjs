// A slow mirror does not keep the process.
async function ask(mirror, ms) {
  return new Promise((resolve) => {
    setTimeout(resolve, ms, `${mirror} answered`);
  });
}
async function main() {
  const first = ask('near', 15);
  const others = new Promise((resolve) => {
    setTimeout(resolve, 1800, 'far answered').unref();
  });
  console.log(await Promise.any([first, others]));
}
await main();
