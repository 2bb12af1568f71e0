process.send('1.4.2');
process.on('message', () => {});
