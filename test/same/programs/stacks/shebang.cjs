#!/usr/bin/env node
// A file with a first line for the shell.
(async () => { await null; console.log(new Error('x').stack.split('\n')[1]); })();
