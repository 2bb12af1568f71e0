// same: ends=1
async function unrelated() { await new Promise((done) => setTimeout(done, 50)); console.log('never'); }
unrelated();
setTimeout(function late() { throw new Error('in a timer'); }, 1);
