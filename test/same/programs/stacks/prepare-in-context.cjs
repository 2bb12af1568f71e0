// same: needs=file
const vm = require('node:vm'); const { readFileSync } = require('node:fs'); const { join } = require('node:path');
const filename = join(__dirname, 'parts/in-context.js'); const text = readFileSync(filename, 'utf8');
const before = vm.createContext({ console }); vm.runInContext('Error.prepareStackTrace = (error, sites) => sites.slice(0, 2).map((site) => [site.getFunctionName(), site.getLineNumber(), site.getColumnNumber()].join(":")).join(" ")', before);
const after = vm.createContext({ console });
(async () => {
  await vm.runInContext(text, before, { filename })('before');
  const fail = vm.runInContext(text, after, { filename }); await fail('none'); vm.runInContext('Error.prepareStackTrace = (error, sites) => "own " + sites[0].getColumnNumber()', after); await fail('after');
  vm.runInContext('Error.prepareStackTrace = undefined', after); await fail('gone');
})();
