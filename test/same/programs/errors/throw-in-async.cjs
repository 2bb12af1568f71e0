// same: ends=1 core
async function main() {
  await null;
  throw new Error('rejected');
}
main();
