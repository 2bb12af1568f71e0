// same: needs=main
process.chdir('/'); (async () => { await null; console.log(process.cwd(), require('node:path').resolve('x')); try { process.chdir('/nonexistent'); } catch (error) { console.log(error.code); } process.umask(0o77); console.log(process.umask().toString(8)); })();
