let rounds = 0;
process.on('beforeExit', async () => { if (rounds++ < 3) { await new Promise((done) => setTimeout(done, 1)); console.log('round', rounds); } });
process.on('exit', () => console.log('exit after', rounds));
