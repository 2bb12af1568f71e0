const target = new EventTarget(); const log = [];
target.addEventListener('go', async (event) => { log.push('a', event.type); await null; log.push('a after'); }, { once: true });
target.addEventListener('go', { handleEvent() { log.push('b'); } });
target.dispatchEvent(new Event('go')); target.dispatchEvent(new Event('go')); log.push('sync');
await null; await null; console.log(log.join(' '));
