'use strict'; 'another directive'
async function f() { 'use strict'; await null; return this; }
async function g() { "not strict here too"; await null; try { undeclared = 1; } catch (error) { return error.message; } }
f().then(console.log); g().then(console.log);
