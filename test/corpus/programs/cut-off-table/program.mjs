// Prints a table and leaves.
const rows = Array.from({ length: 30_000 }, (_, i) => `${i}\t${i * i}\t${'x'.repeat(20)}`);

async function print() {
  await null;
  console.log(rows.join('\n'));
}

print().then(() => {
  process.exit(0);
});
