const log = [];
const thenable = { then(resolve, reject) { log.push('then called', resolve.length, reject.length); resolve('value'); log.push('resolved'); resolve('again'); } };
const a = (async () => { log.push('before'); log.push(await thenable); log.push('after'); })();
log.push('sync');
await a; console.log(log.join(' | '));
