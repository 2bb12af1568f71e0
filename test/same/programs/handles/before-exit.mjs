// same: needs=alone
process.once('beforeExit', () => console.log(process.getActiveResourcesInfo())); console.log(process.getActiveResourcesInfo()); await new Promise((done) => { setTimeout(done, 1); setImmediate(() => {}); console.log(process.getActiveResourcesInfo().sort()); });
