console.log(process.argv.length > 0, process.execPath === process.argv[0], typeof require.main); (async () => { await null; console.log(typeof module, module.id.length > 0); })();
