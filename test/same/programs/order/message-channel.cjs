const { port1, port2 } = new MessageChannel(); const log = [];
port2.on('message', async (m) => { log.push(m); await null; log.push('after'); if (m === 2) { port2.close(); console.log(log.join(' ')); } });
port1.postMessage(1); port1.postMessage(2); log.push('sent');
