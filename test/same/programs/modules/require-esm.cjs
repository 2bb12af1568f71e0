// same: needs=file node=22
try { const all = require('./parts/sync-esm.mjs'); console.log(Object.keys(all), all.value); } catch (error) { console.log(error.code); } try { require('./parts/tla-two.mjs'); } catch (error) { console.log(error.code, error.message.split('\n')[0].replace(/\/.*\//, '')); }
