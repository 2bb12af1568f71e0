// same: needs=main
process.on('SIGUSR2', async (signal) => { await null; console.log('got', signal); clearInterval(timer); });
const timer = setInterval(() => {}, 1000);
process.kill(process.pid, 'SIGUSR2');
