const row = 'x'.repeat(2_000);
for (let part = 0; part < 40; part++) {
  process.send(Array.from({ length: 50 }, () => row));
}
process.exit(0);
