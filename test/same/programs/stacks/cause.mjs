async function query() { await null; throw new Error('query', { cause: new TypeError('socket') }); }
try { await query(); } catch (error) { console.log(error); console.log(new AggregateError([error], 'all')); }
