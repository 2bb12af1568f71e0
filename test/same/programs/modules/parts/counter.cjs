exports.n = 0; exports.next = async () => { await null; return ++exports.n; };
