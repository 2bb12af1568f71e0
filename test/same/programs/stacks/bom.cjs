(async () => { await null; console.log(new Error('x').stack.split('\n')[1]); })();
