// same: ends=1 node=20-22
// A declaration that a Node before 24 refuses: the line it shows is the file's own.
async function open() {
  return { [Symbol.dispose ?? Symbol.for('dispose')]() { console.log('closed'); } };
}
async function main() { using file = await open(); console.log('open', await Promise.resolve(typeof file)); }
main();
