// A deadline that nobody reaches.
async function withDeadline(work, ms) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error('too late')), ms);
    timer.unref();
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

async function main() {
  const never = new Promise(() => {});
  try {
    await withDeadline(never, 300);
  } catch (error) {
    console.log(error.message);
  }
}
main();
