// A look-up is tried three times, each time for less than it takes.
const { setTimeout: delay } = require('node:timers/promises');

async function lookUp(name) {
  await delay(150);
  return `${name}: 10.0.0.${name.length}`;
}

async function within(promise, ms) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error('late')), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

async function address(name) {
  for (let i = 0; i < 3; i++) {
    try {
      return await within(lookUp(name), 100);
    } catch (error) {
      if (i === 2) return error.message;
    }
  }
}

async function main() {
  console.log(await Promise.all(['red', 'green', 'blue'].map(address)));
}
main();
