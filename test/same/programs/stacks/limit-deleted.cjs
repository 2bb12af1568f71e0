delete Error.stackTraceLimit;
(async () => { await null; console.log(new Error('x').stack); console.log(Object.keys(Error), 'stackTraceLimit' in Error); })();
