export async function fail(n) { await null; await Promise.resolve(n); const deep = async () => { await 2; throw new RangeError('deep ' + n); }; await deep(); }
