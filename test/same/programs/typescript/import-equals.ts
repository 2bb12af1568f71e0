// same: needs=compiler
import fs = require('node:fs'); import type tp = require('node:path'); (async () => { await null; console.log(typeof fs.readFileSync); })();
