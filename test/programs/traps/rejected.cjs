// An unhandled rejection: the same text, the same exit code, the user's own line above it.
async function fails() {
  await null; await Promise.resolve(1); throw new TypeError('nobody catches this');
}
process.on('exit', (code) => console.log('exit', code));
fails();
