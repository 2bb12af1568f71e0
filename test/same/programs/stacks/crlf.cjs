(async () => {
  await null;
  const text = `a
b`;
  console.log(JSON.stringify(text), new Error('x').stack.split('\n')[1]);
})();
