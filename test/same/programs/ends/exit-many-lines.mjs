for (let line = 0; line < 50; line++) { await null; console.log('line', line); }
process.exit();
