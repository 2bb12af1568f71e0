// The start is in a function, the wait at the top.
export const log = (text) => console.log(text);
async function start() {
  const { greet } = await import('./greet.mjs');
  greet('all');
}
start();
