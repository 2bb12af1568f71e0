// same: needs=alone core
process.on('exit', () => console.log(process.getActiveResourcesInfo(), process._getActiveHandles().map((handle) => handle.constructor.name), process._getActiveRequests().length));
(async () => { await null; setTimeout(() => {}, 2); })();
