// same: needs=alone
Error.prepareStackTrace = (error, sites) => sites.filter((site) => site.getFileName() !== __filename).map((site) => [site.getFunctionName(), site.getTypeName(), site.getMethodName(), site.isToplevel(), String(site)].join(' '));
console.log(new Error('y').stack);
(async () => { await null; console.log(new Error('z').stack); })();
setTimeout(() => console.log(new Error('t').stack), 1);
process.nextTick(() => console.log(new Error('n').stack));
