/** Code that a program compiles by itself under a file's name: seen, and none the wiser. */
import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { describe, it } from 'mocha';
import { NODES, traceProgram } from '../trace-program.ts';

const CODE =
  '(async () => { await null; return new Error("e").stack.split("\\n")[1].replace(/.*\\//, ""); })()';
const HEAD = `const vm = require('node:vm'); const filename = __dirname + '/a.js'; const code = ${JSON.stringify(CODE)};`;

/** Each prints what the code's promise comes to. */
const ways: readonly (readonly [title: string, program: string, flags?: readonly string[]])[] = [
  ['runInThisContext', 'vm.runInThisContext(code, { filename }).then(console.log)'],
  ['runInThisContext by name alone', 'vm.runInThisContext(code, filename).then(console.log)'],
  ['runInContext', 'vm.runInContext(code, vm.createContext({}), { filename }).then(console.log)'],
  ['runInNewContext', 'vm.runInNewContext(code, {}, { filename }).then(console.log)'],
  [
    'a script, run in two contexts and in this one',
    `const script = new vm.Script(code, { filename });
     const runs = [script.runInContext(vm.createContext({})), script.runInNewContext({}), script.runInThisContext()];
     Promise.all(runs).then(console.log); console.log(script instanceof vm.Script, script.constructor === vm.Script)`,
  ],
  [
    'two scripts that declare nothing twice',
    `for (const name of ['a.js', 'b.js']) vm.runInThisContext(code, __dirname + '/' + name).then(console.log);
     console.log(Object.getOwnPropertyNames(globalThis).length)`,
  ],
  [
    'a class of the program’s own',
    `class Own extends vm.Script { run() { return this.runInThisContext(); } }
     const own = new Own(code, { filename }); own.run().then(console.log); console.log(own.constructor.name)`,
  ],
  [
    'compileFunction',
    `const f = vm.compileFunction('return ' + code, ['a', 'b'], { filename });
     f().then(console.log); console.log(f.length, f.toString() === 'function (a,b) {\\nreturn ' + code + '\\n}')`,
  ],
  [
    'compileFunction in a context',
    `vm.compileFunction('return ' + code, [], { filename, parsingContext: vm.createContext({}) })().then(console.log)`,
  ],
  [
    'code that V8 counts from elsewhere',
    `const text = '(() => {' + code.slice(0, -2) + '()})()'; void text;
     vm.runInThisContext(code, { filename, lineOffset: 6, columnOffset: -4 }).then(console.log)`,
  ],
  [
    'a module',
    `const made = new vm.SourceTextModule('export default await ' + code, { identifier: filename });
     made.link(() => {}).then(() => made.evaluate()).then(() => console.log(made.namespace.default))`,
    ['--experimental-vm-modules', '--no-warnings'],
  ],
];

describe('code that a program compiles by itself', () => {
  for (const { name: node, path } of NODES) {
    for (const [title, program, args = []] of ways) {
      it(`is seen through ${title}, on ${node}`, async function () {
        this.timeout(30_000);
        const options = { node: path, name: 'entry.cjs', files: { 'a.js': '', 'b.js': '' }, args };
        const plain = await traceProgram(HEAD + program, { ...options, untraced: true });
        const traced = await traceProgram(HEAD + program, options);
        deepEqual([traced.stdout, traced.stderr, traced.code], [plain.stdout, plain.stderr, plain.code]);
        equal(plain.code, 0, plain.stderr);
        match(traced.text, / site="a\.js:\d+:\d+ function /);
      });
    }

    it(`is left alone without a file, and with a code cache, on ${node}`, async function () {
      this.timeout(30_000);
      const program = `
        vm.runInThisContext(code, { filename: 'no file' });
        const cachedData = new vm.Script(code, { filename: 'none' }).createCachedData();
        console.log(new vm.Script(code, { filename, cachedData }).cachedDataRejected);`;
      const options = { node: path, name: 'entry.cjs', files: { 'a.js': '' } };
      const { stdout, text } = await traceProgram(HEAD + program, options);
      equal(stdout, 'false\n');
      ok(!text.includes('a.js'), text);
    });
  }
});
