// A synchronous throw of an error made elsewhere: the line above it is that of the throw.
const made = new Error('made earlier'); const unused = async () => await 1;
function run() { (async () => { await 1; })(); throw made; }
setTimeout(run, 1);
