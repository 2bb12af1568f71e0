const assert = require('node:assert');
(async () => { await null; try { assert(await Promise.resolve(false)); } catch (error) { console.log(error.message); }
  try { assert.ok([1, 2].includes(await 3) && true); } catch (error) { console.log(error.message, error.generatedMessage); } })();
