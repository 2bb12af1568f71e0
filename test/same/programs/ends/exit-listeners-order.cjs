process.once('exit', () => console.log('first'));
process.prependListener('exit', () => console.log('zeroth'));
process.on('exit', () => console.log('last', process.listenerCount('exit')));
(async () => { await null; })();
