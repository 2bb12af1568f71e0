const row = 'x'.repeat(2_000);
for (let part = 0; part < 60; part++) {
  process.send(Array.from({ length: 200 }, () => row));
}
process.disconnect();
