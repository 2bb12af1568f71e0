"use strict"
// Directives stay first, with and without semicolons; strings that are no directives stay strings.
async function strict() { 'use strict'
  return this }
async function other() { "a"; 'use strict'; await 1; return this === undefined }
const sloppyText = async () => { await 0; 'use strict'; return typeof this };
Promise.all([strict.call(1), other(), sloppyText()]).then(console.log)
